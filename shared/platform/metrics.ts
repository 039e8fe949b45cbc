import type { Clock } from './clock.ts';

/** What the service measures, and its units; the dashboard and the alarms ask for these names. */
export const METRICS = {
  Logins: 'Count',
  LoginLatency: 'Milliseconds',
  LoginAttempts: 'Count',
  LoginConflicts: 'Count',
  Vacancies: 'Count',
} as const;
export type MetricName = keyof typeof METRICS;

/** Values by the metric's name; for each set of dimensions CloudWatch keeps them by these alone. */
export type Measure = (
  values: Partial<Readonly<Record<MetricName, number>>>,
  dimensions: Readonly<Record<string, string>>,
  sets?: readonly (readonly string[])[],
) => void;

/**
 * Metrics in CloudWatch's embedded format: a line of the log, so that nobody waits for a call. Written past the console,
 * whose lines Lambda wraps when it logs JSON, so that CloudWatch would not find them.
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
    write(`${JSON.stringify({ _aws: head, ...dimensions, ...values })}\n`);
  };
}

function isMetric(name: string): name is MetricName {
  return Object.hasOwn(METRICS, name);
}
