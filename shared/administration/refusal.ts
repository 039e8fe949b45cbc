import type { ErrorAnswer } from '../platform/validation.ts';

/** The codes of refusals. Programs act on the code, and people read the message. */
export type RefusalCode =
  | 'forbidden'
  | 'unknown-tenant'
  | 'unknown-license'
  | 'unknown-user'
  | 'unknown-folder'
  | 'unknown-import'
  | 'unknown-preview'
  | 'unknown-upload'
  | 'unknown-renewal'
  | 'unknown-hook'
  | 'unknown-webhook'
  | 'in-use'
  | 'assigned'
  | 'not-dedicated'
  | 'has-license'
  | 'no-free-license'
  | 'held-back'
  | 'set-aside'
  | 'expired'
  | 'deleted'
  | 'folder-not-empty'
  | 'user-card-in-z-old'
  | 'renewal-running'
  | 'own-erasure'
  | 'stale-version'
  | 'invalid-request'
  /** Another call reads the whole tenant at the moment. */
  | 'busy'
  | 'conflict';

export type Refusal = ErrorAnswer<RefusalCode>;

export function refused(code: RefusalCode, message: string, details: Readonly<Record<string, unknown>> = {}): Refusal {
  return { error: { code, message, ...details } };
}

export function isRefusal(answer: object): answer is Refusal {
  return 'error' in answer;
}

export function unknownFolder(path: string): Refusal {
  return refused('unknown-folder', `There is no folder "${path}". Create it with create-folder, or see list-folders.`);
}

export function unknownUser(user: string): Refusal {
  return refused(
    'unknown-user',
    `There is no user card for "${user}". Find people by name with list-user-cards and \`search\`.`,
  );
}

export function unknownUpload(key: string): Refusal {
  return refused(
    'unknown-upload',
    `There is no upload "${key}", or it cannot be read. Files for previews are deleted after a day.`,
  );
}

/** Refuses a command that lost against concurrent changes. It has changed nothing, or the outcome is unknown. */
export function conflict(): Refusal {
  return refused(
    'conflict',
    'Somebody else was changing the same thing at the same time. Read it again, and try again.',
  );
}
