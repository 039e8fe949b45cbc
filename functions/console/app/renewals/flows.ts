import type { LicenseClass, RenewalRow } from '../api/types.ts';

/** What becomes of the licenses of one class in one folder. */
export type Flow = {
  readonly id: string;
  readonly class: LicenseClass;
  readonly folder: string;
  readonly replaced: number;
  readonly extended: number;
  readonly shortfall: number;
  /** New licenses that replace none. */
  readonly leftOver: number;
  /** Old licenses of rows that were undone or skipped, and that had no new one. */
  readonly asBefore: number;
};

export const PARTS = ['replaced', 'extended', 'asBefore', 'shortfall', 'leftOver'] as const;
export type Part = (typeof PARTS)[number];

/** Returns what a row counts as. What was done later is still a replacement, or the lack of one. */
function partOf({ outcome, old, new: replacement }: RenewalRow): Part {
  switch (outcome) {
    case 'replaced':
      return 'replaced';
    case 'extended':
      return 'extended';
    case 'shortfall':
    case 'set-aside':
      return 'shortfall';
    case 'left-over':
      return 'leftOver';
    case 'undone':
    case 'skipped':
      if (old === undefined) return 'leftOver';
      // Such a row no longer says whether its license was extended or had no replacement.
      return replacement === undefined ? 'asBefore' : 'replaced';
  }
}

const NOTHING: Readonly<Record<Part, number>> = { replaced: 0, extended: 0, asBefore: 0, shortfall: 0, leftOver: 0 };

/** Returns the rows of a plan as flows from old licenses to new ones, the greatest first. */
export function flowsOf(rows: readonly RenewalRow[]): readonly Flow[] {
  const flows = new Map<string, Flow>();
  for (const row of rows) {
    const { class: of, folder } = row;
    const id = JSON.stringify([folder, of.type, of.access, of.modules]);
    const flow = flows.get(id) ?? { id, class: of, folder, ...NOTHING };
    const part = partOf(row);
    flows.set(id, { ...flow, [part]: flow[part] + 1 });
  }
  return [...flows.values()].toSorted((one, other) => total(other) - total(one));
}

/** Returns how many licenses end. */
export const endsOf = ({ replaced, extended, asBefore, shortfall }: Flow) => replaced + extended + asBefore + shortfall;
/** Returns how many licenses there are afterwards. */
export const comesOf = ({ replaced, extended, asBefore, leftOver }: Flow) => replaced + extended + asBefore + leftOver;
const total = (flow: Flow) => endsOf(flow) + flow.leftOver;

/** A part of a flow in the picture. Its places are in pixels from the top, at the side where it has one. */
export type Band = {
  readonly flow: Flow;
  readonly part: Part;
  readonly left?: number;
  readonly right?: number;
  readonly height: number;
};

export type Picture = {
  readonly height: number;
  readonly bands: readonly Band[];
  readonly labels: readonly { readonly flow: Flow; readonly top: number }[];
};

/** The height of the line of text above each flow, and the least height that can be seen. */
const LABEL = 28;
const LEAST = 3;

/**
 * Returns where the parts of each flow stand: at the left the licenses that end, at the right those that come. A license
 * that ends without another has no place at the right, and a new one that replaces none has none at the left.
 */
export function layOut(flows: readonly Flow[], height: number): Picture {
  const all = flows.reduce((sum, flow) => sum + Math.max(endsOf(flow), comesOf(flow)), 0);
  const unit = all === 0 ? 0 : Math.max(height - LABEL * flows.length, height / 2) / all;
  const bands: Band[] = [];
  const labels: { flow: Flow; top: number }[] = [];
  let top = 0;
  for (const flow of flows) {
    labels.push({ flow, top });
    let left = top + LABEL;
    let right = left;
    for (const part of PARTS.filter((one) => flow[one] > 0)) {
      const tall = Math.max(LEAST, flow[part] * unit);
      const isEnding = part !== 'leftOver';
      const isComing = part !== 'shortfall';
      bands.push({ flow, part, height: tall, ...(isEnding && { left }), ...(isComing && { right }) });
      if (isEnding) left += tall;
      if (isComing) right += tall;
    }
    top = Math.max(left, right);
  }
  return { height: top, bands, labels };
}
