import type { Key } from '../platform/ports/table.ts';
import { hookKey, licenseKey, renewalKey, tenantKey, userCardKey, webhookKey } from '../store/keys.ts';
import type { AdministerRequest } from './administer-request.ts';

/** Names in one list of an entry; how many there are is told beside them. */
const MOST_NAMED = 100;

/**
 * What a command that changes something is about: ids, and the names of the members that it changes. Never a value of a
 * setting, a file or a secret's reference. People stand apart, as they can be erased.
 */
export type CommandTarget = {
  readonly about: Readonly<Record<string, string | number | readonly string[]>>;
  readonly people?: Readonly<Record<string, string>>;
  /** The item whose versions the entry tells. */
  readonly item?: Key;
};

/** Undefined for a command that only reads: it leaves no entry. */
export function targetOfCommand(request: AdministerRequest): CommandTarget | undefined {
  const { tenant } = request;
  switch (request.command) {
    case 'create-tenant':
    case 'update-tenant':
      return { about: { members: Object.keys(request.settings) }, item: tenantKey(tenant) };
    case 'create-folder':
      return { about: { folder: request.folder }, item: tenantKey(tenant) };
    case 'rename-folder':
      return { about: { folder: request.folder, newPath: request.newPath }, item: tenantKey(tenant) };
    case 'delete-folder':
      return { about: { folder: request.folder }, item: tenantKey(tenant) };
    case 'merge-folder':
      return request.preview
        ? undefined
        : { about: { folder: request.folder, into: request.into }, item: tenantKey(tenant) };
    case 'put-user-card': {
      const { user, card } = request;
      return { about: { members: Object.keys(card) }, people: { user }, item: userCardKey(tenant, user) };
    }
    case 'change-user-cards': {
      const { change, to, preview } = request;
      const whom = 'users' in to ? { users: to.users.length } : { 'to.folder': to.folder };
      return preview
        ? undefined
        : { about: { members: Object.keys(change), ...given({ folder: change.folder }), ...whom } };
    }
    case 'remove-user-card':
    case 'disconnect':
      return { about: {}, people: { user: request.user }, item: userCardKey(tenant, request.user) };
    case 'link-id':
    case 'unlink-id': {
      const { user, linkedId } = request;
      const target = { about: {}, people: { user, linkedId }, item: userCardKey(tenant, user) };
      return request.command === 'link-id' && request.preview ? undefined : target;
    }
    case 'erase-user':
      return { about: {}, people: { user: request.user } };
    case 'assign-license': {
      const { serialNumber, user } = request;
      return { about: { serialNumber }, people: { user }, item: licenseKey(tenant, serialNumber) };
    }
    case 'move-license': {
      const { serialNumber, folder } = request;
      return { about: { serialNumber, folder }, item: licenseKey(tenant, serialNumber) };
    }
    case 'release-license':
    case 'delete-license':
    case 'restore-license':
      return { about: { serialNumber: request.serialNumber }, item: licenseKey(tenant, request.serialNumber) };
    case 'move-licenses':
      return { about: { ...named(request.serialNumbers), folder: request.folder } };
    case 'change-licenses':
      return request.preview ? undefined : ofMany(request);
    case 'assign-each':
      return request.preview ? undefined : ofEach(request);
    case 'create-upload':
      return { about: { name: request.name, ...uploaded(request) } };
    case 'paste-licenses':
      return { about: uploaded(request) };
    case 'plan-renewal': {
      const { renewalId, expiringOnOrBefore, serialNumbers, upload, mode } = request;
      const known = renewalId === undefined ? {} : { item: renewalKey(tenant, renewalId) };
      const listed = serialNumbers === undefined ? {} : named(serialNumbers);
      return { about: { ...given({ renewalId, expiringOnOrBefore, upload, mode }), ...listed }, ...known };
    }
    case 'approve-renewal': {
      const { renewalId, acceptedShortfall } = request;
      const about = { renewalId, acceptedShortfall: acceptedShortfall.length };
      return { about, item: renewalKey(tenant, renewalId) };
    }
    case 'start-renewal':
    case 'resume-renewal':
    case 'undo-renewal':
      return { about: { renewalId: request.renewalId }, item: renewalKey(tenant, request.renewalId) };
    case 'put-hook': {
      const { provider, settings } = request;
      return { about: { provider, members: Object.keys(settings) }, item: hookKey(tenant, provider) };
    }
    case 'delete-hook':
      return { about: { provider: request.provider }, item: hookKey(tenant, request.provider) };
    case 'put-webhook':
      return { about: { members: Object.keys(request.settings) }, item: webhookKey(tenant) };
    case 'delete-webhook':
      return { about: {}, item: webhookKey(tenant) };
    case 'audit':
      return request.repair === true ? { about: {} } : undefined;
    case 'get-tenant':
    case 'list-folders':
    case 'get-user-card':
    case 'list-inactive':
    case 'list-user-cards':
    case 'list-licenses':
    case 'get-license':
    case 'get-import':
    case 'list-imports':
    case 'list-renewals':
    case 'get-renewal':
    case 'get-hook':
    case 'list-hooks':
    case 'get-webhook':
    case 'explain-login':
    case 'list-license-history':
    case 'list-user-history':
    case 'list-tenant-history':
    case 'list-commands':
    case 'get-license-as-of':
    case 'get-usage':
    case 'export-licenses':
    case 'export-user-cards':
    case 'export-history':
    case 'check-layout':
    case 'list-expiring':
    case 'list-draining':
      return undefined;
  }
}

type ChangeMany = Extract<AdministerRequest, { readonly command: 'change-licenses' }>;

function ofMany({ change, licenses, filter = {} }: ChangeMany): CommandTarget {
  const { user: filtered, ...byFilter } = filter;
  const listed = licenses === undefined ? {} : named(licenses.map(({ serialNumber }) => serialNumber));
  const filters = Object.fromEntries(Object.entries(byFilter).map(([name, value]) => [`filter.${name}`, value]));
  return {
    about: {
      ...filters,
      ...listed,
      action: change.action,
      ...(change.action === 'move' ? { folder: change.folder } : {}),
    },
    people: given({ user: change.action === 'assign' ? change.user : undefined, 'filter.user': filtered }),
  };
}

type AssignEach = Extract<AdministerRequest, { readonly command: 'assign-each' }>;

function ofEach({ access, modules, from, to }: AssignEach): CommandTarget {
  const whom = 'users' in to ? { users: to.users.length } : { folder: to.folder };
  return { about: { access, modules, ...given({ from }), ...whom } };
}

function uploaded({ area, folder }: { readonly area: string; readonly folder?: string }) {
  return given({ area, folder });
}

function named(serialNumbers: readonly string[]) {
  return { licenses: serialNumbers.length, serialNumbers: serialNumbers.slice(0, MOST_NAMED) };
}

/** Without what was not said. */
function given(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
