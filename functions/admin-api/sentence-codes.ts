import * as z from 'zod/mini';
import type { AdministerRequest } from '../../shared/administration/administer-request.ts';
import { LAYOUT_WARNINGS } from '../../shared/licensing/advice/layout-check.ts';
import { readSentence, type Subject, sentence } from '../../shared/licensing/sentences.ts';
import { denialReason } from '../../shared/store/items.ts';

/** Adds what is missing beside a part of an answer. Returns a part of another form as it is. */
type Show = (part: unknown) => unknown;

const members = z.looseObject({});

/** Adds the code of a sentence, and what the sentence names: `whyCode` and `whyMembers` beside `why`. */
function coded(member: string, subject: Subject): Show {
  return onObject((part) => {
    const text = part[member];
    const found = typeof text === 'string' ? readSentence(subject, text) : undefined;
    if (found === undefined) return part;
    const named = Object.keys(found.members).length === 0 ? {} : { [`${member}Members`]: found.members };
    return { ...part, [`${member}Code`]: found.code, ...named };
  });
}

/** Adds the sentence of a denial beside its reason, and the codes of what the steps say. */
const receipt = both(
  inList('steps', coded('why', 'step')),
  onObject((part) => {
    const reason = z.safeParse(denialReason, part['reason']);
    return reason.success ? { ...part, reasonText: sentence('denial', reason.data, {}) } : part;
  }),
);

const warningFacts = z.looseObject({ warning: z.enum(LAYOUT_WARNINGS), count: z.number() });

const warning: Show = (part) => {
  const reading = z.safeParse(warningFacts, part);
  if (!reading.success) return part;
  const { warning: code, count } = reading.data;
  return { ...reading.data, code, text: sentence('layoutWarning', code, { count }) };
};

const card = both(coded('licenseInformation', 'licenseInformation'), inMember('lastReceipt', receipt));
const renewal = inList('rows', coded('why', 'renewalRow'));
const imported = inList('licenses', coded('detail', 'importDetail'));

/** The commands whose answers have sentences. */
const SHOWN: Readonly<Partial<Record<AdministerRequest['command'], Show>>> = {
  'get-user-card': card,
  'put-user-card': card,
  'list-user-cards': inList('userCards', card),
  'explain-login': receipt,
  explain: inList('people', receipt),
  'plan-renewal': renewal,
  'get-renewal': renewal,
  'list-renewal-rows': renewal,
  'approve-renewal': renewal,
  'start-renewal': renewal,
  'resume-renewal': renewal,
  'undo-renewal': renewal,
  'get-import': imported,
  'preview-import': imported,
  'get-import-preview': imported,
  'check-layout': inList('warnings', warning),
};

/** Returns the answer of a command with the codes of its sentences, or the sentences of its codes. */
export function withCodes(command: AdministerRequest['command'], answer: object): object {
  const shown = SHOWN[command]?.(answer);
  return typeof shown === 'object' && shown !== null ? shown : answer;
}

function onObject(show: (part: Readonly<Record<string, unknown>>) => unknown): Show {
  return (part) => {
    const reading = z.safeParse(members, part);
    return reading.success ? show(reading.data) : part;
  };
}

function inMember(name: string, show: Show): Show {
  return onObject((part) => (part[name] === undefined ? part : { ...part, [name]: show(part[name]) }));
}

function inList(name: string, show: Show): Show {
  return inMember(name, (list) => (Array.isArray(list) ? list.map(show) : list));
}

function both(one: Show, other: Show): Show {
  return (part) => other(one(part));
}
