/** The catalog of log codes. A line has a fixed code, with ids and counts, and never a person, a token or a file. */
export type LogCode =
  | 'started'
  | 'login'
  | 'sessions-ended'
  | 'idle-sessions-ended'
  | 'administered'
  | 'api-answered'
  | 'api-refused'
  | 'calendar-answered'
  | 'upload-ignored'
  | 'upload-gone'
  | 'import-finished'
  | 'import-rejected'
  | 'renewal-step'
  | 'renewal-stopped'
  | 'set-aside-still-in-use'
  | 'tenant-cleaned-up'
  | 'tenant-cleanup-failed'
  | 'daily-work-left'
  | 'tenant-audited'
  | 'tenant-audit-failed'
  | 'audit-found'
  | 'pool-entries-corrected'
  | 'history-recorded'
  | 'history-record-unreadable'
  | 'events-published'
  | 'event-record-unreadable'
  | 'hook-answered'
  | 'hook-refused'
  | 'hook-undecided'
  | 'webhook-delivered'
  | 'webhook-failed'
  | 'webhook-undecided'
  | 'webhook-given-up'
  | 'webhook-switched-off'
  | 'call-failed';

export type Log = (code: LogCode, ids?: Readonly<Record<string, string | number | boolean | undefined>>) => void;

/** Logs one object. Lambda writes it as the `message` of a JSON line, with time, request and level. */
export const log: Log = (code, ids = {}) => {
  // biome-ignore lint/suspicious/noConsole: the platform's structured log is the console.
  console.info({ code, ...ids });
};
