/** Errors that the workflow's `Retry` and `Catch` name. An expected outcome is a value, never one of these. */

/** A concurrent write won, or a service asked us to wait. Nothing was changed, and the same call may be retried. */
export class TryAgain extends Error {
  override readonly name = 'TryAgain';
}

/** The renewal cannot go on by itself. What it has done so far stays, and it can be resumed. */
export class RenewalStopped extends Error {
  override readonly name = 'RenewalStopped';
}

/** The renewal was undone before this step of it began. There is nothing left to do. */
export class RenewalUndone extends Error {
  override readonly name = 'RenewalUndone';
}
