/** Errors that the workflow's `Retry` and `Catch` name. Anything expected is an answer, never one of these. */

/** Somebody else was faster, or a service asked us to wait: nothing was changed, the same call may be made again. */
export class TryAgain extends Error {
  override readonly name = 'TryAgain';
}

/** The renewal cannot go on by itself; what it did so far is kept, and it can be resumed. */
export class RenewalStopped extends Error {
  override readonly name = 'RenewalStopped';
}

/** The renewal was undone while a step of it was still to come: there is nothing left to do. */
export class RenewalUndone extends Error {
  override readonly name = 'RenewalUndone';
}
