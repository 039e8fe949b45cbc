import * as z from 'zod/mini';
import { absent, type Clause, equal } from '../licensing/clause.ts';
import type { ExpiringBy, PlannedRow } from '../licensing/renewal/renewal-plan.ts';
import type { RenewalRow } from '../licensing/renewal/renewal-row.ts';
import { type RenewalTally, tallyChange } from '../licensing/renewal/renewal-tally.ts';
import {
  ACCESS,
  HOLDER_DOUBTS,
  IMPORT_MARKS,
  LICENSE_TYPES,
  LIFECYCLE_STATES,
  NEW_LICENSE_NOTES,
  OLD_LICENSE_NOTES,
  PLANNED_OUTCOMES,
  RENEWAL_MODES,
  RENEWAL_STATUSES,
  ROW_OUTCOMES,
} from '../licensing/vocabulary.ts';
import type { Item, Write } from '../platform/ports/table.ts';
import type { Shape } from '../store/items.ts';
import { partitions, renewalCounterKey, renewalKey, renewalPageKey, renewalRowKey } from '../store/keys.ts';

/** The most rows that one call of a step handles. */
export const BATCH = 50;

/**
 * The most rows of a plan. An execution of the workflow may make 25,000 events, seven for each batch: one time for the
 * switch, and once for each day on which many old licenses are still in use. So three such days fit (tested).
 */
export const MOST_ROWS = 35_000;

/** How many rows of a plan one item holds. */
export const PAGE = 100;

/** The statuses while the workflow goes forward. */
export const UNDER_WAY = ['running', 'waiting-for-term', 'waiting-for-cleanup'] as const;

const count = z._default(z.number(), 0);
const tally = z.object({
  replaced: count,
  extended: count,
  shortfall: count,
  leftOver: count,
  skipped: count,
  undone: count,
  switched: count,
  inZOld: count,
  stillInUse: count,
  deleted: count,
} satisfies Shape<RenewalTally>);

const renewal = z.object({
  tenant: z.string(),
  renewalId: z.string(),
  status: z.enum(RENEWAL_STATUSES),
  mode: z.enum(RENEWAL_MODES),
  /** Absent if the renewal is by a list. Then the rows say which licenses it is about. */
  expiringOnOrBefore: z.exactOptional(z.string()),
  /**
   * The version or the bytes of the file of the plan, so that the import reads the same file. Absent if the
   * replacements are imported already.
   */
  upload: z.exactOptional(z.object({ key: z.string(), versionId: z.exactOptional(z.string()), etag: z.string() })),
  /** Part of the keys of the plan's pages and rows. */
  planId: z.string(),
  rows: z.number(),
  /** The tally of the rows as planned. Absent if the renewal was planned before rows were counted. */
  planned: z.exactOptional(tally),
  plannedAt: z.string(),
  plannedBy: z.string(),
  /** When the term of the last replacement begins. */
  switchAt: z.string(),
  approved: z.exactOptional(z.object({ actor: z.string(), at: z.string(), acceptedShortfall: z.number() })),
  startedAt: z.exactOptional(z.string()),
  /** The name of the latest execution, and how many there were. */
  execution: z.exactOptional(z.string()),
  executions: z.number(),
  importId: z.exactOptional(z.string()),
  cleanupAt: z.exactOptional(z.string()),
  finishedAt: z.exactOptional(z.string()),
  /** Who undoes it, since when, and after how many executions. */
  undo: z.exactOptional(z.object({ actor: z.string(), at: z.string(), after: z.number() })),
  undoneAt: z.exactOptional(z.string()),
  /** What was free when it was planned, for the users who lose theirs. */
  instead: z.exactOptional(
    z.array(z.object({ folderId: z.string(), type: z.enum(LICENSE_TYPES), access: z.enum(ACCESS), free: z.number() })),
  ),
  /** Since when no license without a replacement is left to its user. */
  shortfallOverAt: z.exactOptional(z.string()),
  /** Why it stopped last. */
  error: z.exactOptional(z.object({ name: z.string(), text: z.string() })),
});

/** A renewal as it is stored. The pages of its plan and its rows are beside it. */
export type Renewal = z.infer<typeof renewal>;

const licenseClass = z.object({
  type: z.enum(LICENSE_TYPES),
  access: z.enum(ACCESS),
  modules: z.string(),
});

const place = z.object({
  folderId: z.string(),
  assignedTo: z.exactOptional(z.string()),
  releasing: z.exactOptional(z.literal(true)),
});
const touched = z.exactOptional(z.object({ version: z.number(), before: place }));

const plannedShape = {
  class: licenseClass,
  folderId: z.string(),
  folder: z.string(),
  old: z.exactOptional(
    z.object({
      serialNumber: z.string(),
      validFrom: z.string(),
      expiresOn: z.string(),
      state: z.enum(LIFECYCLE_STATES),
      assignedTo: z.exactOptional(z.string()),
      currentUser: z.exactOptional(z.string()),
      since: z.exactOptional(z.string()),
      setAsideOn: z.exactOptional(z.string()),
    }),
  ),
  new: z.exactOptional(
    z.object({ serialNumber: z.string(), validFrom: z.string(), expiresOn: z.exactOptional(z.string()) }),
  ),
  user: z.exactOptional(z.string()),
  doubt: z.exactOptional(z.enum(HOLDER_DOUBTS)),
  imported: z.exactOptional(z.object({ importId: z.string(), outcome: z.enum(IMPORT_MARKS), issued: z.string() })),
  issued: z.exactOptional(z.string()),
};

const plannedRow = z.object({
  ...plannedShape,
  outcome: z.enum(PLANNED_OUTCOMES),
});

/** A row of a plan with the path that its folder had. */
export type StoredPlannedRow = PlannedRow & { readonly folder: string };

const row = z.object({
  ...plannedShape,
  outcome: z.enum(ROW_OUTCOMES),
  version: z.number(),
  switched: z.boolean(),
  oldLicense: z.exactOptional(z.enum(OLD_LICENSE_NOTES)),
  newLicense: z.exactOptional(z.enum(NEW_LICENSE_NOTES)),
  why: z.exactOptional(z.string()),
  heldFrom: z.exactOptional(z.string()),
  oldTouched: touched,
  newTouched: touched,
  switchedAt: z.exactOptional(z.string()),
  deletedAt: z.exactOptional(z.string()),
  undoneAt: z.exactOptional(z.string()),
});

export function renewalItem(value: Renewal): Item {
  return {
    ...value,
    ...renewalKey(value.tenant, value.renewalId),
    tenantKey: partitions.renewalsOfTenant(value.tenant),
    tenantSort: `${value.plannedAt}#${value.renewalId}`,
  };
}

export function renewalOf(item: Item): Renewal {
  return renewal.parse(item);
}

/** The parts of the keys of a renewal's rows. */
export type PlanOf = Pick<Renewal, 'tenant' | 'renewalId' | 'planId'>;

export function pageItem({ tenant, renewalId, planId }: PlanOf, page: number, rows: readonly StoredPlannedRow[]): Item {
  return { rows: [...rows], ...renewalPageKey(tenant, renewalId, planId, page) };
}

const planPage = z.object({ rows: z.array(plannedRow) });

/** Returns the rows of one page before any step. */
export function rowsOfPage(item: Item): readonly RenewalRow[] {
  return planPage.parse(item).rows.map((planned) => ({ ...planned, version: 0, switched: false }));
}

export function rowOf(item: Item): RenewalRow {
  return row.parse(item);
}

/**
 * Over how many items a renewal's rows are counted. The rows of a batch count on one item, and batches that run at the
 * same time count on different ones, so that they do not hinder each other.
 */
export const COUNTERS = 16;

/**
 * Returns the writes of row `index`, counted from 0, and of its counter. They are refused when a step has changed the
 * row since `before` was read, so each change counts once.
 */
export function rowWrites(
  { tenant, renewalId, planId }: PlanOf,
  index: number,
  after: RenewalRow,
  before: RenewalRow,
): readonly Write[] {
  const onlyIf: readonly Clause[] = before.version === 0 ? [absent('pk')] : [equal('version', before.version)];
  const add = tallyChange(before, after);
  const counter = renewalCounterKey(tenant, renewalId, planId, Math.floor(index / BATCH) % COUNTERS);
  return [
    { put: { ...after, ...renewalRowKey(tenant, renewalId, planId, index) }, onlyIf },
    ...(add.length === 0 ? [] : [{ update: counter, add, onlyIf: [] }]),
  ];
}

/** Decodes a counter: what the steps have added to the tally of the plan, and taken from it. */
export function counterOf(item: Item): RenewalTally {
  return tally.parse(item);
}

/** Returns which licenses a renewal replaces. If it is by a list, the rows have the list. */
export function expiringBy(
  { expiringOnOrBefore }: Pick<Renewal, 'expiringOnOrBefore'>,
  rows: readonly Pick<RenewalRow, 'old'>[],
): ExpiringBy {
  if (expiringOnOrBefore !== undefined) return { onOrBefore: expiringOnOrBefore };
  return { serialNumbers: new Set(rows.flatMap(({ old }) => old?.serialNumber ?? [])) };
}
