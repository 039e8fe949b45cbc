import { createHash } from 'node:crypto';
import type { Clock } from './clock.ts';

/** The metrics of the service and their units. The dashboard and the alarms use these names. */
export const METRICS = {
  Logins: 'Count',
  LoginLatency: 'Milliseconds',
  LoginAttempts: 'Count',
  LoginConflicts: 'Count',
  Vacancies: 'Count',
  HookCalls: 'Count',
} as const;
export type MetricName = keyof typeof METRICS;

/**
 * Records values by the metric's name. For each set of dimensions, CloudWatch keeps the values by these dimensions
 * alone.
 */
export type Measure = (
  values: Partial<Readonly<Record<MetricName, number>>>,
  dimensions: Readonly<Record<string, string>>,
  sets?: readonly (readonly string[])[],
) => void;

/**
 * Returns a function that writes metrics as log lines in CloudWatch's embedded format, so that no caller waits for a
 * call. It does not use the console, because Lambda wraps the console's lines when it logs JSON, and CloudWatch would
 * not find the metrics in them.
 */
export function embeddedMetrics(
  namespace: string,
  clock: Clock,
  write: (line: string) => void = (line) => void process.stdout.write(line),
): Measure {
  return (values, dimensions, sets = [Object.keys(dimensions)]) => {
    const metrics = Object.keys(values).flatMap((name) =>
      isMetric(name) ? [{ Name: name, Unit: METRICS[name] }] : [],
    );
    const directive = { Namespace: namespace, Dimensions: sets, Metrics: metrics };
    const head = { Timestamp: Date.parse(clock.now()), CloudWatchMetrics: [directive] };
    const ascii = Object.entries(dimensions).map(([name, value]) => [name, dimensionValue(value)]);
    write(`${JSON.stringify({ _aws: head, ...Object.fromEntries(ascii), ...values })}\n`);
  };
}

/** The most characters of a dimension's value. */
const LONGEST_DIMENSION = 1_024;

/** How many characters of a longer value are kept. A hash of the whole value follows them. */
const KEPT_OF_DIMENSION = 1_000;

/**
 * Returns a value that CloudWatch accepts: printable ASCII with a character that is not a blank. Any other character is
 * percent-encoded. Without this, a metric of a folder such as `Pääkonttori` would be dropped. Different values stay
 * different.
 */
function dimensionValue(value: string): string {
  const text = value.toWellFormed();
  const ascii =
    text.trim() === '' ? encodeURIComponent(text) || '%' : text.replaceAll(/[^ -$&-~]/gu, encodeURIComponent);
  if (ascii.length <= LONGEST_DIMENSION) return ascii;
  const hash = createHash('sha256').update(text).digest('hex');
  return `${ascii.slice(0, KEPT_OF_DIMENSION)}~${hash.slice(0, LONGEST_DIMENSION - KEPT_OF_DIMENSION - 1)}`;
}

function isMetric(name: string): name is MetricName {
  return Object.hasOwn(METRICS, name);
}
