import { format } from 'node:util';

/** The methods of the console, and the levels under which Lambda logs them. */
const LEVELS = { trace: 'TRACE', debug: 'DEBUG', log: 'INFO', info: 'INFO', warn: 'WARN', error: 'ERROR' } as const;

/**
 * Lets the console write what it writes on Lambda when a function logs JSON: one object per line, with time, level and
 * request. A single value stays as it is, several are formatted into one text.
 */
export function wrapConsole(write: (line: string) => void, requestId: () => string | undefined): void {
  for (const [method, level] of Object.entries(LEVELS)) {
    Object.assign(console, {
      [method]: (...values: readonly unknown[]) =>
        write(`${lineOf(values, { timestamp: new Date().toISOString(), level, requestId: requestId() })}\n`),
    });
  }
}

function lineOf(values: readonly unknown[], head: Readonly<Record<string, unknown>>): string {
  if (values.length !== 1) return JSON.stringify({ ...head, message: format(...values), ...errorIn(values) });
  const [message] = values;
  try {
    return JSON.stringify({ ...head, message }, (_, value) => (value instanceof Error ? membersOf(value) : value));
  } catch {
    return JSON.stringify({ ...head, message: format(message) });
  }
}

function errorIn(values: readonly unknown[]) {
  const error = values.find((value) => value instanceof Error);
  return error === undefined ? {} : membersOf(error);
}

const membersOf = ({ name, message, stack = '' }: Error) => ({
  errorType: name,
  errorMessage: message,
  stackTrace: stack.split('\n'),
});
