import type { HistoryEntry } from '../api/types.ts';

type LicenseEntry = Extract<HistoryEntry, { kind: 'license' }>;
type Facts = LicenseEntry['after'];

/** What a change did to a license. `before` and `after` are names, folders, days or instants, as the code says. */
export type LicenseEvent = {
  readonly code: EventCode;
  readonly before?: string | undefined;
  readonly after?: string | undefined;
};

export type EventCode =
  | 'added'
  | 'deleted'
  | 'restored'
  | 'assigned'
  | 'released'
  | 'passed-on'
  | 'taken-into-use'
  | 'given-back'
  | 'used-by-other'
  | 'moved'
  | 'last-day'
  | 'first-day'
  | 'releasing'
  | 'kept'
  | 'held-back'
  | 'no-longer-held-back'
  | 'set-aside'
  | 'taken-back'
  | 'touched';

/** Returns what an entry of a license changed, the most telling first. */
export function eventsOf({ before, after }: Pick<LicenseEntry, 'before' | 'after'>): readonly LicenseEvent[] {
  if (before === undefined) {
    return [{ code: 'added', after: after.folder }, ...changesBetween(BLANK(after), after)];
  }
  const changes = changesBetween(before, after);
  return changes.length === 0 ? [{ code: 'touched' }] : changes;
}

/** A new license is compared with one that nobody has, in the same folder and with the same term. */
const BLANK = ({ folder, validFrom, expiresOn }: Facts): Facts => ({
  folder,
  validFrom,
  ...(expiresOn !== undefined && { expiresOn }),
});

function changesBetween(before: Facts, after: Facts): LicenseEvent[] {
  const whenChanged = (member: keyof Facts, codes: { added: EventCode; removed: EventCode; changed: EventCode }) => {
    const [from, to] = [textOf(before[member]), textOf(after[member])];
    if (from === to) return [];
    const code = from === undefined ? codes.added : to === undefined ? codes.removed : codes.changed;
    return [{ code, before: from, after: to }];
  };
  const always = (code: EventCode) => ({ added: code, removed: code, changed: code });
  return [
    ...whenChanged('deletedAt', { added: 'deleted', removed: 'restored', changed: 'deleted' }),
    ...whenChanged('assignedTo', { added: 'assigned', removed: 'released', changed: 'passed-on' }),
    ...whenChanged('currentUser', { added: 'taken-into-use', removed: 'given-back', changed: 'used-by-other' }),
    ...whenChanged('folder', always('moved')),
    ...whenChanged('validFrom', always('first-day')),
    ...whenChanged('expiresOn', always('last-day')),
    ...whenChanged('releasing', { added: 'releasing', removed: 'kept', changed: 'releasing' }).filter(
      // A release ends with the session, which another event tells.
      ({ code }) => code === 'releasing' || after.currentUser !== undefined,
    ),
    ...whenChanged('heldBackFor', { added: 'held-back', removed: 'no-longer-held-back', changed: 'held-back' }),
    ...whenChanged('setAsideOn', { added: 'set-aside', removed: 'taken-back', changed: 'set-aside' }),
  ];
}

const textOf = (value: string | true | undefined) => (value === true ? 'yes' : value);
