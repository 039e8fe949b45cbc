/**
 * Every English sentence of an answer, by its subject and its code. Programs act on the code and its members, and
 * people read the sentence. `{name}` stands for a member, and a part in brackets is there only when its member is. Of
 * two sentences that could be taken for each other, the more specific one comes first.
 */
export const SENTENCES = {
  licenseInformation: {
    'ended-releasing':
      '{type}, serial {serialNumber}[ ({modules} only)] (released, ended on {expiresOn}, in use until the sessions end)',
    ended: '{type}, serial {serialNumber}[ ({modules} only)] (ended on {expiresOn}, in use until the sessions end)',
    releasing: '{type}, serial {serialNumber}[ ({modules} only)] (released: in use until the sessions end)',
    'floating-in-use': '{type}, serial {serialNumber}[ ({modules} only)] (in use)',
    'no-access': 'none: the user has no access',
    'denied-assigned-had-expired':
      'none: the assigned license {serialNumber} had expired on {expiresOn} (login of {at})',
    'assigned-expired': 'none: the assigned license {serialNumber} expired on {expiresOn}',
    'assigned-not-yet-valid': 'none: the assigned license {serialNumber} is valid from {validFrom}',
    'denied-no-free-license': 'none: no license was free (login of {at})',
    'denied-assigned-license-expired': 'none: the assigned license had expired (login of {at})',
    'denied-no-access': 'none: the user had no access (login of {at})',
    'denied-session-ended': 'none: the login came after its session had ended (login of {at})',
    'denied-too-old': 'none: the login came too late (login of {at})',
    'denied-unknown-tenant': 'none: the tenant was not known (login of {at})',
    none: 'none: no license is assigned, and the user is not logged in',
    dedicated: '{type}, serial {serialNumber}[ ({modules} only)]',
  },
  /** Why a step of the search granted nothing. */
  step: {
    'none-free': 'none free',
    'wrong-access': 'wrong access',
    'off-on-premises': 'off on premises',
  },
  /** Why a login was denied. The codes are those of `reason` in a receipt. */
  denial: {
    'no-free-license': 'No license is free.',
    'assigned-license-expired': 'The assigned license has expired. It blocks others until it is released.',
    'no-access': 'The user has no access.',
    'session-ended': 'The login came after its session had ended.',
    'too-old': 'The login came too late.',
    'unknown-tenant': 'The tenant is not known.',
  },
  /** Why a row of a renewal was skipped, or what its undo left as it was. */
  renewalRow: {
    'new-not-held-back': 'the new license is no longer held back',
    'old-deleted': 'the old license was deleted after the plan was made',
    'old-extended': 'the old license got a later term after the plan was made',
    'license-deleted': 'the license was deleted after the plan was made',
    'license-extended': 'the license got a later term after the plan was made',
    'license-moved': 'the license was moved after the plan was made',
    'license-gone': 'the license is gone',
    'old-moved-out-of-z-old': 'the old license was moved out of zOld',
    'old-deleted-already': 'the old license was deleted already',
    'term-confirmed': 'license {serialNumber} keeps its term: a later file, issued on {issued}, confirms it',
    'changed-before-switch': 'license {serialNumber} was changed between the plan and the switch',
    'is-gone': 'license {serialNumber} is gone',
    'changed-since': 'license {serialNumber} was changed since, at {at} by {actor} ({cause})',
  },
  /** The codes are those of `warning`. */
  layoutWarning: {
    'modules-mixed-in-folder': 'The folder holds module-specific and all-modules licenses ({count} licenses).',
    'free-all-modules-in-root':
      'All-modules licenses are free in the root, so users of module-specific licenses may take them ({count} licenses).',
    'nothing-for-user-card':
      'Neither the folder nor the root holds a license that these users could get ({count} users).',
    'expired-assigned':
      'Expired licenses are still assigned. They keep their users from other licenses ({count} licenses).',
    'set-aside-assigned': 'Licenses in zOld are still assigned ({count} licenses).',
    'dedicated-without-user-cards': 'Dedicated licenses are free in a folder without user cards ({count} licenses).',
  },
  /** What an import says about a license of its file. */
  importDetail: {
    'deleted-at': 'deleted at {deletedAt}',
    'class-differs': 'it is {present}, in the file {inFile}',
    'term-stale': 'its term is {present}, in the file {inFile}; its term is from a file issued later, on {issued}',
    'term-conflict': 'its term is {present}, in the file {inFile}; both files were issued on {issued}',
    'term-changed': 'was {before}, is {after}',
    refused: '{reason}',
  },
  /** Why a call of a hook was refused, or could not be decided. */
  hookRefusal: {
    unproven: 'The call did not prove that it comes from the provider.',
    'no-secret': 'A reference in the settings of the hook leads to no secret, so no call can be proven.',
    unusable: 'The call was proven, but nothing in it can be used.',
    'try-again': 'The call could not be read completely, and the provider was asked to send it again.',
    late: 'The call was not decided in the time that the provider waits.',
    'secret-unavailable': 'The secrets of the hook could not be read.',
    failed: 'The service failed while it handled the call.',
  },
  /** Why a delivery to the webhook was not accepted. */
  deliveryRefusal: {
    status: 'The receiver answered with another status than 2xx.',
    address: 'The name of the receiver leads to an address that is not public.',
    time: 'The receiver did not answer within 5 seconds.',
    connection: 'There was no connection to the receiver.',
    secret: 'The reference in the settings leads to no secret, so the delivery could not be signed.',
    undecided: 'The service failed before the receiver was called.',
  },
  /** What an explanation of logins takes for granted. */
  explanation: {
    'any-free-license':
      'Of several free licenses of a step, a login takes one at random. The one that is named is an example.',
    'in-this-order':
      'The people log in one after the other, in the order of their folders and user ids, and nobody else does.',
    'nothing-else-changes':
      'Nothing else changes licenses and user cards until then: no login, import, renewal or cleanup, and no administrator.',
    'idle-sessions-end': 'Nobody is active until then, so sessions that would be idle have ended.',
  },
  /** What the needs take for granted. */
  needs: {
    'in-use-and-denied':
      'In an hour or a day, a pool needs as many licenses as people used it at once, and one more for each person who was denied.',
    'denied-once':
      'A person who is denied several times in the same hour or day counts once. Somebody who then gets a license counts as denied and as in use, so a day may show more than its hours.',
    'denied-for-lack':
      'A denial counts if no license was free, or if the only license of the person had expired. Other denials would not have been helped by more licenses.',
    'denied-in-own-folder':
      'A denied person counts in the floating licenses for all modules of their folder, with the access that they need. The search for a license begins there.',
    'in-use-where-found':
      'A person in use counts in the pool of the license that they got, also if it belongs to another folder than theirs.',
    'unused-not-needed': 'A dedicated license counts only while its user works on it.',
  },
} as const;

type Sentences = typeof SENTENCES;
export type Subject = keyof Sentences;
export type SentenceCode<Of extends Subject> = keyof Sentences[Of] & string;

type NamesIn<Template> = Template extends `${string}{${infer Name}}${infer Rest}` ? Name | NamesIn<Rest> : never;
type Members<Template> = Readonly<Record<NamesIn<Template>, string | number | undefined>>;

/** Returns the sentence of a code. */
export function sentence<Of extends Subject, Code extends SentenceCode<Of>>(
  subject: Of,
  code: Code,
  members: Members<Sentences[Of][Code]>,
): string {
  return fill(String(SENTENCES[subject][code]), new Map(Object.entries(members)));
}

function fill(template: string, members: ReadonlyMap<string, unknown>): string {
  const isKnown = (part: string) => namesIn(part).every((name) => members.get(name) !== undefined);
  return template
    .replaceAll(/\[([^\]]*)\]/g, (_, part: string) => (isKnown(part) ? part : ''))
    .replaceAll(/\{(\w+)\}/g, (_, name: string) => String(members.get(name)));
}

/** Returns the names of the members of a sentence. */
export function namesIn(template: string): readonly string[] {
  return [...template.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
}

/** A code, and what its sentence names. */
export type Coded<Of extends Subject> = {
  readonly code: SentenceCode<Of>;
  readonly members: Readonly<Record<string, string>>;
};

/**
 * Returns the code and the members of a sentence, also of one that was stored by an earlier release. Undefined when no
 * code has this sentence.
 */
export function readSentence<Of extends Subject>(subject: Of, text: string): Coded<Of> | undefined {
  for (const code of codesOf(subject)) {
    const found = pattern(String(SENTENCES[subject][code])).exec(text);
    if (found !== null) return { code, members: { ...defined(found.groups) } };
  }
  return undefined;
}

/** Returns the codes of a subject, in the order of the table. */
export function codesOf<Of extends Subject>(subject: Of): readonly SentenceCode<Of>[] {
  const known = (code: string): code is SentenceCode<Of> => Object.hasOwn(SENTENCES[subject], code);
  return Object.keys(SENTENCES[subject]).filter(known);
}

const patterns = new Map<string, RegExp>();

function pattern(template: string): RegExp {
  const known = patterns.get(template) ?? new RegExp(`^${expression(template)}$`, 's');
  patterns.set(template, known);
  return known;
}

function expression(template: string): string {
  return template
    .replaceAll(/[.*+?^$()|\\]/g, String.raw`\$&`)
    .replaceAll(/\{(\w+)\}/g, '(?<$1>.+?)')
    .replaceAll('[', '(?:')
    .replaceAll(']', ')?');
}

function defined(groups: Readonly<Record<string, string | undefined>> = {}): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(groups).flatMap(([name, text]) => (text === undefined ? [] : [[name, text]])),
  );
}
