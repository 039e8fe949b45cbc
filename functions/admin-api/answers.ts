import * as z from 'zod/mini';
import { poolThreshold } from '../../shared/administration/tenant-settings.ts';
import { webhookSettings } from '../../shared/events/webhook.ts';
import { hookConfiguration } from '../../shared/hooks/hook.ts';
import { PROVIDERS } from '../../shared/identity/providers.ts';
import { LAYOUT_WARNINGS } from '../../shared/licensing/layout-check.ts';

/** What the commands answer, as the API describes it; a test holds every answer against these. */
const day = z.iso.date();
const instant = z.iso.datetime();
const count = z.int().check(z.minimum(0));
const text = z.string();
const optional = z.exactOptional;
const cursor = optional(text);

const type = z.enum(['dedicated', 'floating']);
const access = z.enum(['write', 'read']);
const licenseClass = { type, access, modules: text };

const licenseMembers = {
  serialNumber: text,
  ...licenseClass,
  validFrom: day,
  expiresOn: optional(day),
  folder: text,
  assignedTo: optional(text),
  currentUser: optional(text),
  since: optional(instant),
  state: z.enum(['free', 'assigned', 'in-use', 'releasing', 'held-back', 'set-aside', 'expired', 'not-yet-valid']),
  version: count,
};

export const license = z.strictObject(licenseMembers);
export const licenses = z.strictObject({ licenses: z.array(license), cursor });
export const deleted = z.strictObject({ deleted: z.literal(true) });

/** Of each license by itself; with `preview` only how many are meant. */
export const changes = z.union([
  z.strictObject({
    results: z.array(
      z.strictObject({
        serialNumber: text,
        done: z.boolean(),
        error: optional(z.looseObject({ code: text, message: text })),
      }),
    ),
    cursor,
  }),
  z.strictObject({ count, cursor }),
]);

export const tenant = z.strictObject({
  tenant: text,
  settings: z.strictObject({
    customers: z.array(text),
    timeZone: text,
    environment: z.enum(['cloud', 'on-premises']),
    idleTimeout: text,
    cleanupHour: count,
    setAsideWarningDays: count,
    refuseWithoutLicense: z.boolean(),
    folderClaims: z.strictObject({ folders: z.record(text, text), moveExisting: z.boolean() }),
    publicKeys: z.record(text, text),
    poolThresholds: z.exactOptional(z.array(poolThreshold)),
  }),
  version: count,
});

const hookMembers = z.strictObject({
  provider: z.enum(PROVIDERS),
  path: text,
  settings: hookConfiguration,
  version: count,
});
export const hook = hookMembers;
export const hooks = z.strictObject({ hooks: z.array(hookMembers) });

export const webhook = z.strictObject({ settings: webhookSettings, version: count });

export const folder = z.strictObject({ folder: text });
export const folders = z.strictObject({
  folders: z.array(z.strictObject({ folder: text, licenses: count, userCards: count })),
  version: count,
});

const step = z.enum(['floating-in-folder', 'floating-in-root', 'dedicated-in-folder', 'dedicated-in-root']);

const reason = z.enum([
  'no-free-license',
  'assigned-license-expired',
  'no-access',
  'unknown-tenant',
  'session-ended',
  'too-old',
]);

export const receipt = z.strictObject({
  outcome: z.enum(['allocated', 'assigned', 'continued', 'denied']),
  reason: optional(reason),
  license: optional(z.strictObject({ serialNumber: text, ...licenseClass, folder: text })),
  step: optional(step),
  steps: z.array(z.strictObject({ step, seen: count, more: z.boolean(), taken: z.boolean(), why: optional(text) })),
  attempts: count,
  user: text,
  session: z.nullable(text),
  at: instant,
});

const cardMembers = {
  user: text,
  name: optional(text),
  folder: text,
  access,
  level: z.enum(['normal', 'root', 'readonly', 'no-access']),
  licenseInformation: text,
  version: count,
};

export const userCard = z.strictObject({
  ...cardMembers,
  currentLicense: optional(license),
  assignedLicenses: z.array(license),
  sessions: z.array(z.strictObject({ session: z.nullable(text), started: instant, lastSeen: instant })),
  lastReceipt: optional(receipt),
});
export const userCards = z.strictObject({ userCards: z.array(z.strictObject(cardMembers)), cursor });
export const endedSessions = z.strictObject({ ended: count, license: optional(text), nowFree: z.boolean() });
export const removed = z.strictObject({ removed: z.literal(true), ended: count, released: z.array(text) });
export const erased = z.strictObject({
  erased: z.literal(true),
  pseudonym: text,
  entries: count,
  renewals: count,
  renewalsNotOver: z.array(text),
});

export const uploadForm = z.strictObject({
  key: text,
  url: text,
  fields: z.record(text, text),
  mostBytes: count,
  validUntil: instant,
});
export const pasted = z.strictObject({ key: text });

const importFacts = { importId: text, tenant: text, key: text, receivedAt: instant };

const reportHead = {
  ...importFacts,
  versionId: optional(text),
  finishedAt: instant,
  status: z.enum(['accepted', 'rejected']),
  issued: optional(day),
  sameAs: optional(text),
  counts: z.strictObject({
    added: count,
    termChanged: count,
    unchanged: count,
    stale: count,
    conflict: count,
    deletedBefore: count,
  }),
  ignored: z.array(text),
  faults: z.array(z.strictObject({ code: text, place: text, text })),
};

export const imports = z.strictObject({
  imports: z.array(
    z.union([
      z.strictObject(reportHead),
      z.strictObject({ ...importFacts, status: z.literal('running'), issued: day }),
    ]),
  ),
  cursor,
});

/** With `format=text` a page of it as people read it. */
export const importReport = z.union([
  z.strictObject({
    ...reportHead,
    licenses: z.array(
      z.strictObject({
        serialNumber: text,
        outcome: z.enum(['added', 'term-changed', 'unchanged', 'stale', 'conflict', 'deleted-before']),
        detail: optional(text),
      }),
    ),
    cursor,
  }),
  z.strictObject({ importId: text, status: z.enum(['accepted', 'rejected']), text, cursor }),
]);

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

const renewalHead = {
  renewalId: text,
  status,
  version: text,
  mode: z.enum(['assign', 'auto-allocate']),
  expiringOnOrBefore: optional(day),
  upload: optional(text),
  plannedAt: instant,
  plannedBy: text,
  approved: optional(z.strictObject({ actor: text, at: instant, acceptedShortfall: count })),
  startedAt: optional(instant),
  switchAt: instant,
  cleanupAt: optional(instant),
  finishedAt: optional(instant),
  undo: optional(z.strictObject({ actor: text, at: instant })),
  undoneAt: optional(instant),
  stopped: optional(z.strictObject({ name: text, text })),
};

const renewalRow = z.strictObject({
  old: optional(text),
  new: optional(text),
  class: z.strictObject(licenseClass),
  folder: text,
  user: optional(text),
  expiresOn: optional(day),
  assignedTo: optional(text),
  currentUser: optional(text),
  since: optional(instant),
  newValidFrom: optional(day),
  newExpiresOn: optional(day),
  daysWithoutLicense: optional(count),
  outcome: z.enum(['replaced', 'extended', 'shortfall', 'set-aside', 'left-over', 'undone', 'skipped']),
  oldLicense: optional(z.enum(['set-aside', 'still-in-use', 'deleted'])),
  newLicense: optional(z.enum(['withdrawn', 'free-again'])),
  why: optional(text),
  switchedAt: optional(instant),
  deletedAt: optional(instant),
  undoneAt: optional(instant),
});

const wholeRenewal = z.strictObject({
  ...renewalHead,
  counts: z.strictObject({
    replaced: count,
    extended: count,
    shortfall: count,
    leftOver: count,
    deleted: count,
    stillInUse: count,
  }),
  progress: z.strictObject({
    rows: count,
    switched: count,
    inZOld: count,
    deleted: count,
    skipped: count,
    undone: count,
  }),
  shortfall: z.array(
    z.strictObject({
      class: z.strictObject(licenseClass),
      folder: text,
      licenses: z.array(
        z.strictObject({ serialNumber: text, user: optional(text), name: optional(text), expiresOn: day }),
      ),
    }),
  ),
  leftOver: z.array(z.strictObject({ class: z.strictObject(licenseClass), serialNumbers: z.array(text) })),
  daysWithoutLicense: z.array(
    z.strictObject({ serialNumber: text, user: optional(text), days: count, after: day, until: day }),
  ),
  waitsInZOld: z.array(z.strictObject({ serialNumber: text, user: text })),
  rows: z.array(renewalRow),
  cursor,
});

/** With `format=text` as people read it. */
export const renewal = z.union([wholeRenewal, z.strictObject({ renewalId: text, status, text })]);
export const startedRenewal = wholeRenewal;
export const renewals = z.strictObject({ renewals: z.array(z.strictObject({ ...renewalHead, rows: count })) });

export const layout = z.strictObject({
  warnings: z.array(
    z.strictObject({
      warning: z.enum(LAYOUT_WARNINGS),
      folder: text,
      count,
      serialNumbers: optional(z.array(text)),
      users: optional(z.array(text)),
    }),
  ),
});
export const expiring = z.strictObject({
  licenses: z.array(
    z.strictObject({
      ...licenseMembers,
      daysLeft: count,
      within: z.union([z.literal(7), z.literal(30), z.literal(90)]),
      users: z.array(text),
    }),
  ),
  cursor,
});
export const draining = z.strictObject({
  licenses: z.array(
    z.strictObject({
      ...licenseMembers,
      why: z.enum(['releasing', 'set-aside']),
      setAsideOn: optional(day),
      overdue: z.boolean(),
    }),
  ),
  cursor,
});
export const audit = z.strictObject({
  licenses: count,
  userCards: count,
  vacancies: count,
  violations: z.array(z.looseObject({ invariant: text, text })),
  notConfirmed: optional(count),
});
export const usage = z.strictObject({
  days: z.array(
    z.strictObject({
      day,
      pools: z.array(z.strictObject({ ...licenseClass, folder: text, peak: count, inUse: count })),
      denied: z.record(text, count),
    }),
  ),
});

const facts = {
  folder: text,
  validFrom: day,
  expiresOn: optional(day),
  assignedTo: optional(text),
  currentUser: optional(text),
  since: optional(instant),
  releasing: optional(z.literal(true)),
  heldBackFor: optional(text),
  setAsideOn: optional(day),
  deletedAt: optional(instant),
};
const change = { actor: text, cause: text, at: instant };
const entries = z.array(
  z.union([
    z.strictObject({
      kind: z.literal('license'),
      ...change,
      serialNumber: text,
      ...licenseClass,
      version: count,
      before: optional(z.strictObject(facts)),
      after: z.strictObject(facts),
    }),
    z.strictObject({
      kind: z.literal('denied'),
      at: instant,
      user: text,
      session: z.nullable(text),
      folder: text,
      access,
      reason,
    }),
  ]),
);
export const history = z.strictObject({ entries, cursor });
export const historyOfDay = z.strictObject({ day, entries, cursor });
export const asOf = z.union([
  z.strictObject({ serialNumber: text, at: instant, known: z.literal(false) }),
  z.strictObject({
    serialNumber: text,
    at: instant,
    known: z.literal(true),
    ...licenseClass,
    version: count,
    ...facts,
    lastChange: z.strictObject(change),
  }),
]);

/** The text is sent, and the rest tells of it. */
export const exported = z.strictObject({ format: z.enum(['csv', 'json-lines']), rows: count, text, cursor });
