import * as z from 'zod/mini';
import { asRead, equal } from '../licensing/clause.ts';
import type { RenewalRow } from '../licensing/renewal-row.ts';
import { renewalKey, renewalRowKey } from '../store/keys.ts';
import type { Item, Write } from '../store/table.ts';

/** How many rows one call of a step takes on. */
export const BATCH = 50;

const status = z.enum([
  'planned',
  'approved',
  'running',
  'waiting-for-term',
  'waiting-for-cleanup',
  'finished',
  'stopped',
  'undoing',
  'undone',
]);

const renewal = z.object({
  tenant: z.string(),
  renewalId: z.string(),
  status,
  expiringOnOrBefore: z.string(),
  /** The version, or else the bytes, that was planned from, so that the import reads the same file. */
  upload: z.object({
    key: z.string(),
    versionId: z.exactOptional(z.string()),
    etag: z.exactOptional(z.string()),
  }),
  /** Names the plan's rows. */
  planId: z.string(),
  rows: z.number(),
  /** Absent: it stopped before there was a plan. */
  plannedAt: z.exactOptional(z.string()),
  /** When the last of the replacements' terms begins. */
  switchAt: z.string(),
  cleanupAt: z.exactOptional(z.string()),
  finishedAt: z.exactOptional(z.string()),
  /** Why it stopped. */
  error: z.exactOptional(z.object({ name: z.string(), text: z.string() })),
});

/** A renewal as stored; its rows stand beside it. */
export type Renewal = z.infer<typeof renewal>;

const licenseClass = z.object({
  type: z.enum(['dedicated', 'floating']),
  access: z.enum(['write', 'read']),
  modules: z.string(),
});

const row = z.object({
  class: licenseClass,
  folderId: z.string(),
  old: z.exactOptional(
    z.object({
      serialNumber: z.string(),
      expiresOn: z.string(),
      state: z.enum(['deleted', 'held-back', 'releasing', 'in-use', 'assigned', 'set-aside', 'free']),
      assignedTo: z.exactOptional(z.string()),
      currentUser: z.exactOptional(z.string()),
    }),
  ),
  new: z.exactOptional(z.object({ serialNumber: z.string(), validFrom: z.string() })),
  user: z.exactOptional(z.string()),
  outcome: z.enum(['replaced', 'extended', 'shortfall', 'set-aside', 'left-over', 'undone', 'skipped']),
  /** Whether the switch has been through it. */
  switched: z.boolean(),
  /** What became of the old license since it was set aside. */
  oldLicense: z.exactOptional(z.enum(['set-aside', 'still-in-use', 'deleted'])),
  why: z.exactOptional(z.string()),
});

export function renewalItem(value: Renewal): Item {
  return { ...value, ...renewalKey(value.tenant, value.renewalId) };
}

export function renewalOf(item: Item): Renewal {
  return renewal.parse(item);
}

export function rowOf(item: Item): RenewalRow {
  return row.parse(item);
}

/** Row `index`, from 0, as it becomes; refused when a step went through it since it was read as `before`. */
export function rowWrite(
  { tenant, renewalId, planId }: Pick<Renewal, 'tenant' | 'renewalId' | 'planId'>,
  index: number,
  after: RenewalRow,
  before?: RenewalRow,
): Write {
  const put = { ...after, ...renewalRowKey(tenant, renewalId, planId, index) };
  if (before === undefined) return { put };
  return { put, onlyIf: [equal('switched', before.switched), asRead('oldLicense', before.oldLicense)] };
}
