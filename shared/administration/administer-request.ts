import * as z from 'zod/mini';
import { webhookSettings } from '../events/webhook.ts';
import { HISTORY_KINDS } from '../licensing/history/history.ts';
import { ALL_MODULES } from '../licensing/license/license.ts';
import {
  ACCESS,
  FORM_AREAS,
  IMPORT_OUTCOMES,
  LEAVER_NOTES,
  LEVELS,
  LICENSE_STATES,
  LICENSE_TYPES,
  LOGIN_OUTCOMES,
  RENEWAL_MODES,
  ROW_OUTCOMES,
  UPLOAD_AREAS,
} from '../licensing/vocabulary.ts';
import { instant, providerId, tenantId } from '../platform/validation.ts';
import { renewalId } from '../renewals/step-request.ts';
import { hookConfiguration } from '../sign-in/hooks/hook.ts';
import { PROVIDERS } from '../sign-in/providers/providers.ts';
import { changedSettings, newSettings } from './tenant-settings.ts';

/** How many licenses or users one call lists or changes at most. */
const MOST = 1_000;

/** How many licenses one renewal replaces at most when they are listed. */
const MOST_LISTED = 20_000;

const name = z.string().check(
  z.refine((text) => text.trim() !== '', 'must not be empty'),
  z.maxLength(1_024, 'must have at most 1024 characters'),
);

/** The name of a person. A control character would break lists and files. */
const displayName = name.check(z.refine((text) => !/\p{Cc}/u.test(text), 'must have no control character'));

/** The path of a folder. Only its length is checked here. The tree of folders decides whether it exists. */
const path = z.string().check(z.maxLength(1_024, 'must have at most 1024 characters'));

/** The key of an object. S3 and the keys of the table have no room for a longer one. */
const objectKey = z.string().check(
  z.maxLength(1_024, 'must have at most 1024 characters'),
  z.refine((key) => Buffer.byteLength(key) <= 1_024, 'must be at most 1024 bytes'),
);

const serialNumber = z
  .string()
  .check(z.minLength(1, 'must not be empty'), z.maxLength(200, 'must have at most 200 characters'));

const id = z.string().check(z.minLength(1, 'must not be empty'), z.maxLength(200, 'must have at most 200 characters'));

const expectedVersion = z.exactOptional(z.int());

/** The version of a renewal, a text made of its plan and its status. */
const expectedText = z.exactOptional(z.string().check(z.maxLength(200, 'must have at most 200 characters')));

const cursor = z.exactOptional(
  z
    .string()
    .check(
      z.minLength(1, 'must be the cursor of the page before'),
      z.maxLength(8_192, 'must be the cursor of the page before'),
    ),
);

const limit = z.int().check(z.minimum(1, `must be 1 to ${MOST}`), z.maximum(MOST, `must be 1 to ${MOST}`));

const inactiveDays = z.int().check(z.minimum(1, 'must be 1 to 3650 days'), z.maximum(3_650, 'must be 1 to 3650 days'));

const page = { cursor, limit: z._default(limit, 100) };

const day = z.iso
  .date('must be a day such as 2027-01-14')
  .check(z.refine((text) => text >= '1970-01-01', 'must be 1970-01-01 or later'));

/** A moment whose day has a year of four digits in every time zone. Days are compared as text. */
const moment = instant.check(
  z.refine((at) => at >= '1970-01-02' && at < '9999', 'must lie between 1970-01-02 and 9998-12-31'),
);

const days = { from: z.exactOptional(day), to: z.exactOptional(day) };

/** Whether usage is shown by day or by hour. */
const period = z._default(z.enum(['day', 'hour']), 'day');

const format = z._default(z.enum(['json', 'text']), 'json');

/** The choice of a page of an export. */
const exported = {
  cursor,
  limit: z._default(limit, MOST),
  format: z._default(z.enum(['csv', 'json-lines']), 'csv'),
};

const listOf = (most: number) =>
  z
    .array(serialNumber)
    .check(
      z.minLength(1, `must name 1 to ${most} serial numbers`),
      z.maxLength(most, `must name 1 to ${most} serial numbers`),
    );

const cardFacts = z.strictObject({
  name: z.exactOptional(displayName),
  folder: z.exactOptional(path),
  access: z.exactOptional(z.enum(ACCESS)),
  level: z.exactOptional(z.enum(LEVELS)),
});

/** The same change for each of many user cards: those of a list, or a page of those of a folder. */
const bulkCardChange = {
  change: z.strictObject({
    folder: z.exactOptional(path),
    access: z.exactOptional(z.enum(ACCESS)),
    level: z.exactOptional(z.enum(LEVELS)),
  }),
  to: z.union(
    [
      z.strictObject({
        users: z
          .array(z.strictObject({ user: providerId, expectedVersion }))
          .check(z.minLength(1, `must name 1 to ${MOST} users`), z.maxLength(MOST, `must name 1 to ${MOST} users`)),
      }),
      z.strictObject({ folder: path, subfolders: z.exactOptional(z.boolean()) }),
    ],
    'must have `users`, or a `folder` with or without `subfolders`',
  ),
  /** Shows what would be done with each card, and changes nothing. */
  preview: z._default(z.boolean(), false),
  cursor,
};

/** Selects the licenses of a tenant that match all given members. */
const licenseFilter = {
  folder: z.exactOptional(path),
  /** Includes the folders below the folder. */
  subfolders: z.exactOptional(z.boolean()),
  state: z.exactOptional(z.enum(LICENSE_STATES)),
  type: z.exactOptional(z.enum(LICENSE_TYPES)),
  access: z.exactOptional(z.enum(ACCESS)),
  modules: z.exactOptional(name),
  user: z.exactOptional(providerId),
  /** Licenses whose last day is before this one. */
  expiringBefore: z.exactOptional(day),
};

/** What is stored beside a license file. */
const besideUpload = {
  folder: z.exactOptional(path),
  signature: z.exactOptional(
    z.string().check(z.regex(/^[!-~](?:[ -~]{0,998}[!-~])?$/, 'must be one line of up to 1000 ASCII characters')),
  ),
};

const fileName = z.string().check(
  z.regex(/^[^/\p{C}]{1,200}$/u, 'must be 1 to 200 characters, without `/` and control characters'),
  // In a form, S3 would replace `${filename}` by the name of the sent file.
  z.refine((text) => !text.includes('${'), 'must not have `${` in it'),
);

/** The most bytes of a pasted file. A call of a function may have 6 MB in all, and JSON makes a text longer. */
const MOST_PASTED = 3 * 1024 * 1024;

const pastedXml = z.string().check(
  z.minLength(1, 'must not be empty'),
  z.refine((text) => Buffer.byteLength(text) <= MOST_PASTED, `must be at most ${MOST_PASTED} bytes: upload the file`),
);

const sortBy = z._default(z.enum(['serialNumber', 'expiresOn']), 'serialNumber');

/** A change of a license. */
export const licenseChange = z.discriminatedUnion('action', [
  /** Without `several`, a user who has a valid license of the class is refused. */
  z.strictObject({ action: z.literal('assign'), user: providerId, several: z.exactOptional(z.boolean()) }),
  z.strictObject({ action: z.literal('release') }),
  z.strictObject({ action: z.literal('move'), folder: path }),
  z.strictObject({ action: z.literal('delete') }),
  z.strictObject({ action: z.literal('restore') }),
]);

/** How many differing changes one call makes at most. Their assignments are made one after the other. */
const MOST_CHANGES = 500;

const listOfLicenses = <Entry extends z.ZodMiniType>(entry: Entry, most: number) =>
  z
    .array(entry)
    .check(z.minLength(1, `must name 1 to ${most} licenses`), z.maxLength(most, `must name 1 to ${most} licenses`));

/**
 * The same change for each of many licenses: those of a list, or a page of those that match a filter. Or a list of
 * changes, each of its own license.
 */
const bulkChange = {
  change: z.exactOptional(licenseChange),
  licenses: z.exactOptional(listOfLicenses(z.strictObject({ serialNumber, expectedVersion }), MOST)),
  filter: z.exactOptional(z.strictObject(licenseFilter)),
  changes: z.exactOptional(
    listOfLicenses(z.strictObject({ serialNumber, expectedVersion, change: licenseChange }), MOST_CHANGES),
  ),
  /** Confirms that an empty filter means every license of the tenant. */
  everything: z.exactOptional(z.boolean()),
  /** Shows what would be done with each license, and changes nothing. */
  preview: z._default(z.boolean(), false),
  cursor,
};

/** One free dedicated license for each user of a list, or for each user card of a folder that has none. */
const eachAssignment = {
  access: z._default(z.enum(ACCESS), 'write'),
  modules: z._default(name, ALL_MODULES),
  /** The folder of the licenses. By default, any folder. */
  from: z.exactOptional(path),
  to: z.union(
    [
      z.strictObject({
        users: z
          .array(providerId)
          .check(z.minLength(1, 'must name 1 to 500 users'), z.maxLength(500, 'must name 1 to 500 users')),
      }),
      z.strictObject({ folder: path, subfolders: z.exactOptional(z.boolean()) }),
    ],
    'must have `users`, or a `folder` with or without `subfolders`',
  ),
  preview: z._default(z.boolean(), false),
  cursor,
};

const provider = z.enum(PROVIDERS);

const renewalPlan = {
  renewalId: z.exactOptional(renewalId),
  expiringOnOrBefore: z.exactOptional(day),
  serialNumbers: z.exactOptional(listOf(MOST_LISTED)),
  upload: z.exactOptional(objectKey),
  mode: z._default(z.enum(RENEWAL_MODES), 'assign'),
};

const acceptedShortfall = z._default(
  z.array(serialNumber).check(z.maxLength(MOST_LISTED, `must name at most ${MOST_LISTED} licenses`)),
  [],
);

/** Selects the rows of a renewal that match all given members. */
const rowFilter = {
  outcome: z.exactOptional(z.enum(ROW_OUTCOMES)),
  /** The user to whom the old license is assigned, or who works on it. */
  user: z.exactOptional(providerId),
  /** The path of the old license's folder: as it was in the plan, or as it is now. */
  folder: z.exactOptional(path),
};

/** Who would log in, and when: a user, somebody new, or everybody of a folder. */
const explained = {
  user: z.exactOptional(providerId),
  /** What the card would say: of a user without a card, or instead of the user's own card. */
  card: z.exactOptional(
    z.strictObject({
      folder: z.exactOptional(path),
      access: z.exactOptional(z.enum(ACCESS)),
      level: z.exactOptional(z.enum(LEVELS)),
    }),
  ),
  folder: z.exactOptional(path),
  subfolders: z.exactOptional(z.boolean()),
  at: z.exactOptional(moment),
  day: z.exactOptional(day),
  /** Lists only the people with this outcome. All are counted. */
  outcome: z.exactOptional(z.enum(LOGIN_OUTCOMES)),
  ...page,
};

function command<Name extends string, Shape extends z.core.$ZodShape>(called: Name, shape: Shape) {
  return z.strictObject({ tenant: tenantId, actor: providerId, command: z.literal(called), ...shape });
}

/** The request of a command: the tenant, the actor, the name of the command, and its own members. */
export const administerRequest = z.discriminatedUnion('command', [
  command('create-tenant', { settings: newSettings }),
  command('get-tenant', {}),
  command('update-tenant', { settings: changedSettings, expectedVersion }),
  command('create-folder', { folder: path, expectedVersion }),
  command('rename-folder', { folder: path, newPath: path, expectedVersion }),
  command('delete-folder', { folder: path, expectedVersion }),
  command('merge-folder', { folder: path, into: path, preview: z._default(z.boolean(), false), expectedVersion }),
  command('list-folders', {}),
  command('put-user-card', {
    user: providerId,
    card: cardFacts,
    expectedVersion,
  }),
  command('change-user-cards', bulkCardChange),
  command('get-user-card', { user: providerId }),
  command('remove-user-card', { user: providerId, expectedVersion }),
  command('list-user-cards', {
    folder: z.exactOptional(path),
    search: z.exactOptional(name),
    without: z.exactOptional(z.literal('license', 'must be license')),
    leaver: z.exactOptional(z.enum([...LEAVER_NOTES, 'any'])),
    ...page,
  }),
  command('list-sessions', {
    user: z.exactOptional(providerId),
    folder: z.exactOptional(path),
    provider: z.exactOptional(z.enum(PROVIDERS)),
    application: z.exactOptional(id),
    ...page,
  }),
  command('link-id', { user: providerId, linkedId: providerId, preview: z._default(z.boolean(), false) }),
  command('unlink-id', { user: providerId, linkedId: providerId }),
  command('list-inactive', { days: z._default(inactiveDays, 90), folder: z.exactOptional(path), ...page }),
  command('disconnect', { user: providerId, session: z.optional(z.nullable(providerId)) }),
  command('list-licenses', {
    ...licenseFilter,
    sortBy,
    ...page,
  }),
  command('get-license', { serialNumber }),
  command('assign-license', { serialNumber, user: providerId, expectedVersion }),
  command('release-license', { serialNumber, expectedVersion }),
  command('move-license', { serialNumber, folder: path, expectedVersion }),
  command('move-licenses', {
    serialNumbers: listOf(MOST),
    folder: path,
  }),
  command('change-licenses', bulkChange),
  command('assign-each', eachAssignment),
  command('delete-license', { serialNumber, expectedVersion }),
  command('restore-license', { serialNumber, expectedVersion }),
  command('get-import', { key: z.exactOptional(objectKey), importId: z.exactOptional(id), cursor, format }),
  command('create-upload', { name: fileName, area: z._default(z.enum(FORM_AREAS), 'uploads'), ...besideUpload }),
  command('paste-licenses', { xml: pastedXml, area: z._default(z.enum(UPLOAD_AREAS), 'uploads'), ...besideUpload }),
  command('preview-import', { xml: z.exactOptional(pastedXml), upload: z.exactOptional(objectKey), ...besideUpload }),
  command('list-waiting-uploads', page),
  command('create-download', { key: z.exactOptional(objectKey), importId: z.exactOptional(id) }),
  command('get-import-preview', { previewId: id, outcome: z.exactOptional(z.enum(IMPORT_OUTCOMES)), cursor }),
  command('list-imports', page),
  command('plan-renewal', {
    ...renewalPlan,
    format,
  }),
  command('approve-renewal', {
    renewalId: id,
    acceptedShortfall,
    expectedVersion: expectedText,
  }),
  command('start-renewal', { renewalId: id, expectedVersion: expectedText }),
  command('resume-renewal', { renewalId: id, expectedVersion: expectedText }),
  command('undo-renewal', { renewalId: id, expectedVersion: expectedText }),
  command('list-renewals', {}),
  command('get-renewal', { renewalId: id, cursor, format, rows: z._default(z.enum(['page', 'none']), 'page') }),
  command('get-renewal-differences', { renewalId: id }),
  command('list-renewal-rows', { renewalId: id, ...rowFilter, ...page }),
  command('list-renewal-endings', { renewalId: id, ...page }),
  command('put-hook', { provider, settings: hookConfiguration, expectedVersion }),
  command('get-hook', { provider }),
  command('list-hooks', {}),
  command('get-hook-health', { provider }),
  command('delete-hook', { provider, expectedVersion }),
  command('put-webhook', { settings: webhookSettings, expectedVersion }),
  command('get-webhook', {}),
  command('get-webhook-health', {}),
  command('test-webhook', {}),
  command('delete-webhook', { expectedVersion }),
  command('explain-login', { user: providerId }),
  command('explain', explained),
  command('erase-user', { user: providerId }),
  command('list-license-history', { serialNumber, ...page }),
  command('list-user-history', { user: providerId, ...page }),
  command('list-tenant-history', {
    day: z.exactOptional(day),
    ...days,
    kind: z.exactOptional(z.enum(HISTORY_KINDS)),
    /** The actor of a change. */
    by: z.exactOptional(providerId),
    /** The cause of a change. `renewal` is that of every renewal. */
    cause: z.exactOptional(name),
    ...page,
  }),
  command('list-commands', { by: z.exactOptional(providerId), name: z.exactOptional(name), ...page }),
  command('get-user-as-of', { user: providerId, at: moment }),
  command('list-folder-as-of', { folder: path, at: moment, ...page }),
  command('get-license-as-of', { serialNumber, at: moment }),
  command('get-usage', days),
  command('list-peaks', { by: period, ...days, ...page }),
  command('get-needs', { by: period, ...days, folder: z.exactOptional(path) }),
  command('get-pools', {}),
  command('export-licenses', { ...licenseFilter, sortBy, ...exported }),
  command('export-user-cards', { folder: z.exactOptional(path), ...exported }),
  command('export-renewal', { renewalId: id, ...exported }),
  command('export-history', { from: day, to: z.exactOptional(day), ...exported }),
  command('check-layout', {}),
  command('list-expiring', {
    within: z.exactOptional(z.union([z.literal(7), z.literal(30), z.literal(90)], 'must be 7, 30 or 90 days')),
    ...page,
  }),
  command('list-draining', page),
  command('get-expiry-calendar', {}),
  command('create-calendar-feed', {}),
  command('list-calendar-feeds', {}),
  command('delete-calendar-feed', { feedId: id }),
  command('audit', { repair: z.optional(z.boolean()) }),
  z.strictObject({
    tenant: z.exactOptional(tenantId),
    actor: providerId,
    command: z.literal('get-me'),
    name: z.exactOptional(z.string()),
  }),
  z.strictObject({ actor: providerId, command: z.literal('list-tenants'), ...page }),
]);

export type AdministerRequest = z.infer<typeof administerRequest>;

export type LicenseChange = z.infer<typeof licenseChange>;

/** A request that concerns one tenant, which may not exist yet. */
export type OneTenantRequest = Exclude<AdministerRequest, { readonly command: 'get-me' | 'list-tenants' }>;

/** The request of one command. */
export type RequestOf<Command extends AdministerRequest['command']> = Extract<
  AdministerRequest,
  { readonly command: Command }
>;
