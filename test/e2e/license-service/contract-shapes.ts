import * as z from 'zod/mini';

/** The contract's answers, to the letter: a member more or less, or of another form, is a fault. */
const day = z.iso.date();
const instant = z.iso.datetime({ precision: 3 });
const count = z.int().check(z.minimum(0));
const optional = z.exactOptional;

const licenseClass = {
  serialNumber: z.string(),
  type: z.enum(['dedicated', 'floating']),
  access: z.enum(['write', 'read']),
  modules: z.string(),
};

export const license = z.strictObject({
  ...licenseClass,
  validFrom: day,
  expiresOn: optional(day),
  folder: z.string(),
  assignedTo: optional(z.string()),
  currentUser: optional(z.string()),
  since: optional(instant),
  state: z.enum([
    'free',
    'assigned',
    'in-use',
    'releasing',
    'held-back',
    'set-aside',
    'expired',
    'not-yet-valid',
    'deleted',
  ]),
  version: count,
});

const step = z.enum(['floating-in-folder', 'floating-in-root', 'dedicated-in-folder', 'dedicated-in-root']);
const stepReport = z
  .strictObject({
    step,
    seen: count.check(z.maximum(24)),
    more: z.boolean(),
    taken: z.boolean(),
    why: optional(z.string()),
  })
  .check(z.refine(({ taken, why }) => taken === (why === undefined), 'why tells why none was taken'));

export const receipt = z
  .strictObject({
    outcome: z.enum(['allocated', 'assigned', 'continued', 'denied']),
    reason: optional(
      z.enum([
        'no-free-license',
        'assigned-license-expired',
        'no-access',
        'unknown-tenant',
        'session-ended',
        'too-old',
      ]),
    ),
    /** The license that blocks, and its last day. */
    blockedBy: optional(z.strictObject({ serialNumber: z.string(), expiresOn: day })),
    license: optional(z.strictObject({ ...licenseClass, folder: z.string() })),
    /** A claim's folder that leads nowhere. */
    claimedFolder: optional(z.string()),
    step: optional(step),
    steps: z.array(stepReport),
    attempts: count,
    user: z.string(),
    session: z.nullable(z.string()),
    at: instant,
  })
  .check(
    z.refine(({ outcome, reason }) => (outcome === 'denied') === (reason !== undefined), 'only a denial has a reason'),
    z.refine(({ outcome, license }) => (outcome === 'denied') === (license === undefined), 'a denial has no license'),
    z.refine(
      ({ outcome, step }) => (outcome === 'allocated') === (step !== undefined),
      'only an allocation has a step',
    ),
    z.refine(
      ({ reason, blockedBy }) => (reason === 'assigned-license-expired') === (blockedBy !== undefined),
      'exactly a denial by an expired license names it',
    ),
  );
export type Receipt = z.infer<typeof receipt>;

export const endedSessions = z.strictObject({
  ended: count,
  license: optional(z.string()),
  nowFree: z.boolean(),
});

export const tenantAnswer = z.strictObject({
  tenant: z.string(),
  settings: z.strictObject({
    customers: z.array(z.string()),
    timeZone: z.string(),
    environment: z.enum(['cloud', 'on-premises']),
    idleTimeout: z.string(),
    cleanupHour: count,
    setAsideWarningDays: count,
    refuseWithoutLicense: z.boolean(),
    claims: z.enum(['at-creation', 'each-login']),
    onLeave: z.enum(['release', 'keep']),
    folderClaims: z.strictObject({ folders: z.record(z.string(), z.string()), moveExisting: z.boolean() }),
    publicKeys: z.record(z.string(), z.string()),
  }),
  version: count,
});

export const folders = z.strictObject({
  folders: z.array(z.strictObject({ folder: z.string(), licenses: count, userCards: count })),
  /** Names this tree in `expectedVersion`. */
  version: count,
});

const cardFacts = {
  user: z.string(),
  name: optional(z.string()),
  folder: z.string(),
  access: z.enum(['write', 'read']),
  level: z.enum(['normal', 'root', 'readonly', 'no-access']),
  /** A claim said so, and no administrator. */
  noAccessBy: optional(z.literal('claim')),
  leaver: optional(z.strictObject({ note: z.enum(['disabled', 'left']), at: instant, source: z.string() })),
  lastSeen: optional(instant),
  licenseInformation: z.string(),
  /** Names this card in `expectedVersion`. */
  version: count,
};

export const userCard = z.strictObject({
  ...cardFacts,
  currentLicense: optional(license),
  assignedLicenses: z.array(license),
  sessions: z.array(z.strictObject({ session: z.nullable(z.string()), started: instant, lastSeen: instant })),
  lastReceipt: optional(receipt),
});

export const userCards = z.strictObject({
  userCards: z.array(z.strictObject(cardFacts)),
  cursor: optional(z.string()),
});
export const licenses = z.strictObject({ licenses: z.array(license), cursor: optional(z.string()) });

export const moved = z.strictObject({
  results: z.array(
    z.strictObject({
      serialNumber: z.string(),
      moved: z.boolean(),
      error: optional(z.strictObject({ code: z.string(), message: z.string() })),
    }),
  ),
});

export const deleted = z.strictObject({ deleted: z.literal(true) });

export const error = z.strictObject({ error: z.looseObject({ code: z.string(), message: z.string() }) });

export const auditReport = z.strictObject({
  licenses: count,
  userCards: count,
  vacancies: count,
  violations: z.array(z.looseObject({ invariant: z.string() })),
});

const counts = z.strictObject({
  added: count,
  termChanged: count,
  unchanged: count,
  stale: count,
  conflict: count,
  deletedBefore: count,
});

/** As it lies beside the upload, and as `get-import` answers it a page at a time. */
export const importReport = z.strictObject({
  importId: z.string(),
  tenant: z.string(),
  key: z.string(),
  versionId: optional(z.string()),
  receivedAt: instant,
  finishedAt: instant,
  status: z.enum(['accepted', 'rejected']),
  issued: optional(day),
  sameAs: optional(z.string()),
  uploadedBy: optional(z.string()),
  counts,
  licenses: z.array(
    z.strictObject({
      serialNumber: z.string(),
      outcome: z.enum(['added', 'term-changed', 'unchanged', 'stale', 'conflict', 'deleted-before']),
      detail: optional(z.string()),
    }),
  ),
  ignored: z.array(z.string()),
  faults: z.array(z.strictObject({ code: z.string(), place: z.string(), text: z.string() })),
});
export const importReportPage = z.extend(importReport, { cursor: optional(z.string()) });

const renewalCounts = z.strictObject({
  replaced: count,
  extended: count,
  shortfall: count,
  leftOver: count,
  deleted: count,
  stillInUse: count,
});

/** What the execution of a renewal ends with. */
export const renewalOutput = z.strictObject({
  renewalId: z.string(),
  status: z.literal('finished'),
  counts: renewalCounts,
});

/** What the contract names; the snapshot's facts may stand beside it. */
export const renewal = z.looseObject({
  renewalId: z.string(),
  status: z.enum([
    'planned',
    'approved',
    'running',
    'waiting-for-term',
    'waiting-for-cleanup',
    'finished',
    'stopped',
    'undoing',
    'undone',
  ]),
  counts: renewalCounts,
  rows: z.array(
    z.looseObject({
      old: optional(z.string()),
      new: optional(z.string()),
      class: z.strictObject({ type: licenseClass.type, access: licenseClass.access, modules: z.string() }),
      folder: z.string(),
      user: optional(z.string()),
      outcome: z.enum(['replaced', 'extended', 'shortfall', 'set-aside', 'left-over', 'undone', 'skipped']),
      oldLicense: optional(z.enum(['set-aside', 'still-in-use', 'deleted'])),
      why: optional(z.string()),
    }),
  ),
  cursor: optional(z.string()),
});
