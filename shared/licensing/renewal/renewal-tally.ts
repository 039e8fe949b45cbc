import { isLeftInZOld, type RenewalRow } from './renewal-row.ts';

type TalliedRow = Pick<RenewalRow, 'outcome' | 'oldLicense' | 'switched'>;

/** What is counted of a renewal's rows. */
const TALLIED = [
  'replaced',
  'extended',
  'shortfall',
  'leftOver',
  'skipped',
  'undone',
  'switched',
  'inZOld',
  'stillInUse',
  'deleted',
] as const;
type Tallied = (typeof TALLIED)[number];

/** How many rows of a renewal count as what. A row may count several times. */
export type RenewalTally = Readonly<Record<Tallied, number>>;

const COUNTS: Readonly<Record<Tallied, (row: TalliedRow) => boolean>> = {
  replaced: ({ outcome }) => outcome === 'replaced',
  extended: ({ outcome }) => outcome === 'extended',
  shortfall: ({ outcome }) => outcome === 'shortfall' || outcome === 'set-aside',
  leftOver: ({ outcome }) => outcome === 'left-over',
  skipped: ({ outcome }) => outcome === 'skipped',
  undone: ({ outcome }) => outcome === 'undone',
  switched: ({ switched }) => switched,
  inZOld: isLeftInZOld,
  stillInUse: ({ oldLicense }) => oldLicense === 'still-in-use',
  deleted: ({ oldLicense }) => oldLicense === 'deleted',
};

export function tallyOf(rows: readonly TalliedRow[]): RenewalTally {
  return tally((name) => rows.filter(COUNTS[name]).length);
}

/** Returns what the change of one row adds to the tally and takes from it. Leaves out what stays the same. */
export function tallyChange(before: TalliedRow, after: TalliedRow): readonly (readonly [Tallied, 1 | -1])[] {
  return TALLIED.flatMap((name) =>
    COUNTS[name](before) === COUNTS[name](after) ? [] : [[name, COUNTS[name](after) ? 1 : -1] as const],
  );
}

export function sumOf(tallies: readonly RenewalTally[]): RenewalTally {
  return tally((name) => tallies.reduce((sum, one) => sum + one[name], 0));
}

function tally(count: (name: Tallied) => number): RenewalTally {
  return {
    replaced: count('replaced'),
    extended: count('extended'),
    shortfall: count('shortfall'),
    leftOver: count('leftOver'),
    skipped: count('skipped'),
    undone: count('undone'),
    switched: count('switched'),
    inZOld: count('inZOld'),
    stillInUse: count('stillInUse'),
    deleted: count('deleted'),
  };
}
