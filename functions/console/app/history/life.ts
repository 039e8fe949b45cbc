import type { HistoryEntry } from '../api/types.ts';

type LicenseEntry = Extract<HistoryEntry, { kind: 'license' }>;
type Facts = LicenseEntry['after'];

/** What a license was for a while. A license in use is shown so, even if it is released at the end of the session. */
export const LIFE_STATES = [
  'in-use',
  'assigned',
  'free',
  'held-back',
  'set-aside',
  'not-yet-valid',
  'expired',
  'deleted',
] as const;

export type LifeState = (typeof LIFE_STATES)[number];

/** A time in which a license stayed the same. The instants are milliseconds. */
export type Stretch = {
  readonly from: number;
  readonly to: number;
  readonly state: LifeState;
  readonly user?: string | undefined;
};

type Frame = {
  readonly from: number;
  readonly to: number;
  /** Returns when a calendar day begins. */
  readonly startOf: (day: string) => number;
  /** Leaves out whatever is not this user's. */
  readonly holder?: string;
};

/** A user may have had hundreds of licenses. */
export const MOST_LANES = 12;

/** Returns the lives of the licenses with the first of these changes, and how many others there are. */
export function lanesOf(entries: readonly LicenseEntry[], frame: Frame) {
  const all = [...Map.groupBy(entries, ({ serialNumber }) => serialNumber)]
    .map(([name, some]) => ({ name, stretches: lifeOf(some, frame) }))
    .filter(({ stretches }) => stretches.length > 0);
  return { lanes: all.slice(0, MOST_LANES), others: Math.max(0, all.length - MOST_LANES) };
}

/** Returns what a license was from one instant to another, by its changes in any order. */
export function lifeOf(entries: readonly LicenseEntry[], frame: Frame): readonly Stretch[] {
  const inOrder = entries.toSorted((one, other) => one.version - other.version);
  const before = inOrder[0]?.before;
  const points = [
    ...(before === undefined ? [] : [{ at: frame.from, facts: before }]),
    ...inOrder.map(({ at, after }) => ({ at: Date.parse(at), facts: after })),
  ];
  const stretches: Stretch[] = [];
  for (const [place, { at, facts }] of points.entries()) {
    for (const next of inTerm(facts, at, points[place + 1]?.at ?? frame.to, frame)) {
      const last = stretches.at(-1);
      if (last?.to === next.from && last.state === next.state && last.user === next.user) {
        stretches[stretches.length - 1] = { ...last, to: next.to };
      } else stretches.push(next);
    }
  }
  return stretches;
}

/** Licenses that wait for a user look different outside their term. */
function inTerm(facts: Facts, from: number, to: number, { startOf, holder }: Frame): readonly Stretch[] {
  const found = stateOf(facts, holder);
  if (found === undefined) return [];
  if (found.state !== 'free' && found.state !== 'assigned') return [{ ...found, from, to }].filter(hasLength);
  const { validFrom, expiresOn } = facts;
  const within = (instant: number) => Math.min(Math.max(instant, from), to);
  const start = within(startOf(validFrom));
  const end = expiresOn === undefined ? to : Math.max(start, within(startOf(dayAfter(expiresOn))));
  const { user } = found;
  return [
    { state: 'not-yet-valid' as const, user, from, to: start },
    { ...found, from: start, to: end },
    { state: 'expired' as const, user, from: end, to },
  ].filter(hasLength);
}

function stateOf(facts: Facts, holder: string | undefined): Pick<Stretch, 'state' | 'user'> | undefined {
  const { deletedAt, currentUser, assignedTo, folder, heldBackFor } = facts;
  const isShown = (user: string | undefined) => user !== undefined && (holder === undefined || user === holder);
  if (deletedAt === undefined) {
    if (isShown(currentUser)) return { state: 'in-use', user: currentUser };
    if (folder !== 'zOld' && heldBackFor === undefined && isShown(assignedTo)) {
      return { state: 'assigned', user: assignedTo };
    }
  }
  if (holder !== undefined) return undefined;
  if (deletedAt !== undefined) return { state: 'deleted' };
  if (folder === 'zOld') return { state: 'set-aside', user: assignedTo };
  return heldBackFor === undefined ? { state: 'free' } : { state: 'held-back', user: assignedTo };
}

const hasLength = ({ from, to }: Stretch) => from < to;

const DAY_MS = 86_400_000;
const dayAfter = (day: string) => new Date(Date.parse(day) + DAY_MS).toISOString().slice(0, 10);
