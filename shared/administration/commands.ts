import { auditTenant } from '../audit/audit-tenant.ts';
import type { Role } from '../licensing/vocabulary.ts';
import type { OneTenantRequest, RequestOf } from './administer-request.ts';
import { checkLayout, listDraining, listExpiring } from './advice.ts';
import { assignEach } from './assign-each.ts';
import { changeMany } from './bulk-change.ts';
import { changeCards } from './bulk-change-cards.ts';
import { createCalendarFeed, deleteCalendarFeed, getExpiryCalendar, listCalendarFeeds } from './calendars.ts';
import {
  assignmentsTarget,
  type CommandTarget,
  cardsTarget,
  cardTarget,
  downloadTarget,
  folderTarget,
  hookTarget,
  licensesTarget,
  licenseTarget,
  linkTarget,
  namedLicenses,
  planTarget,
  readsOnly,
  renewalTarget,
  settingsTarget,
  uploadTarget,
  webhookTarget,
} from './command-target.ts';
import type { TenantContext } from './deps.ts';
import { eraseUser } from './erase-user.ts';
import { explain, explainLogin } from './explain-login.ts';
import { exportHistory, exportLicenses, exportRenewal, exportUserCards } from './exports.ts';
import { createFolderCommand, deleteFolderCommand, listFolders, renameFolderCommand } from './folders.ts';
import {
  getLicenseAsOf,
  getUserAsOf,
  listFolderAsOf,
  listLicenseHistory,
  listTenantHistory,
  listUserHistory,
} from './history.ts';
import { deleteHook, getHook, getHookHealth, listHooks, putHook } from './hooks.ts';
import { getImportPreview, previewImport } from './import-previews.ts';
import { listInactive } from './inactive.ts';
import { createDownload, listWaitingUploads } from './kept-uploads.ts';
import {
  assignLicense,
  deleteLicense,
  getLicense,
  moveLicense,
  moveLicenses,
  releaseLicense,
  restoreLicense,
} from './licenses.ts';
import { linkId, unlinkId } from './linked-ids.ts';
import { listCommands } from './list-commands.ts';
import { listLicenses } from './list-licenses.ts';
import { mergeFolders } from './merge-folder.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { removeUserCard } from './remove-user-card.ts';
import { listRenewalEndings, listRenewalRows } from './renewal-rows.ts';
import {
  approveRenewal,
  getRenewal,
  getRenewalDifferences,
  listRenewalsCommand,
  planRenewalCommand,
  resumeRenewal,
  startRenewal,
  undoRenewal,
} from './renewals.ts';
import { getImport } from './reports.ts';
import { listSessions } from './sessions.ts';
import { updateTenant, viewTenant } from './tenants.ts';
import { createUpload, listImports, pasteLicenses } from './uploads.ts';
import { getNeeds, getPools, getUsage, listPeaks } from './usage.ts';
import { disconnect, getUserCard, listUserCards, putUserCard } from './user-cards.ts';
import { deleteWebhook, getWebhook, getWebhookHealth, putWebhook, testWebhook } from './webhook.ts';

/** A command for an existing tenant. */
export type TenantRequest = Exclude<OneTenantRequest, { readonly command: 'create-tenant' }>;

type Row<Request> = {
  readonly run: (context: TenantContext, request: Request, role: Role) => object | Promise<object>;
  /** Returns what the entry of the command says. A command that changes nothing, such as a preview, leaves no entry. */
  readonly target: (request: Request) => CommandTarget | undefined;
};

type Requests = { readonly [Name in TenantRequest['command']]: RequestOf<Name> };

export function commandOf<Name extends TenantRequest['command']>(name: Name): Row<Requests[Name]> {
  return COMMANDS[name];
}

const COMMANDS: { readonly [Name in TenantRequest['command']]: Row<Requests[Name]> } = {
  'get-tenant': { run: ({ tenant }) => viewTenant(tenant), target: readsOnly },
  'update-tenant': { run: updateTenant, target: settingsTarget },
  audit: {
    run: oneAtATime((context, { repair, actor }) =>
      auditTenant(context, context.tenant, { repairAs: repair ? actor : undefined }),
    ),
    target: ({ repair }) => (repair ? { about: {} } : undefined),
  },

  'create-folder': { run: createFolderCommand, target: (request) => folderTarget(request, { folder: request.folder }) },
  'rename-folder': {
    run: renameFolderCommand,
    target: (request) => folderTarget(request, { folder: request.folder, newPath: request.newPath }),
  },
  'delete-folder': { run: deleteFolderCommand, target: (request) => folderTarget(request, { folder: request.folder }) },
  'merge-folder': {
    run: mergeFolders,
    target: (request) =>
      request.preview ? undefined : folderTarget(request, { folder: request.folder, into: request.into }),
  },
  'list-folders': { run: listFolders, target: readsOnly },

  'put-user-card': {
    run: putUserCard,
    target: (request) => cardTarget(request, { members: Object.keys(request.card) }),
  },
  'change-user-cards': { run: changeCards, target: cardsTarget },
  'get-user-card': { run: getUserCard, target: readsOnly },
  'remove-user-card': { run: removeUserCard, target: (request) => cardTarget(request) },
  'list-user-cards': { run: listUserCards, target: readsOnly },
  'list-sessions': { run: listSessions, target: readsOnly },
  'link-id': { run: linkId, target: (request) => (request.preview ? undefined : linkTarget(request)) },
  'unlink-id': { run: unlinkId, target: linkTarget },
  'list-inactive': { run: oneAtATime(listInactive), target: readsOnly },
  disconnect: { run: disconnect, target: (request) => cardTarget(request) },
  'explain-login': { run: explainLogin, target: readsOnly },
  explain: { run: explain, target: readsOnly },
  'erase-user': { run: eraseUser, target: ({ user }) => ({ about: {}, people: { user } }) },

  'list-licenses': { run: listLicenses, target: readsOnly },
  'get-license': { run: getLicense, target: readsOnly },
  'assign-license': {
    run: assignLicense,
    target: (request) => ({ ...licenseTarget(request), people: { user: request.user } }),
  },
  'release-license': { run: releaseLicense, target: (request) => licenseTarget(request) },
  'move-license': { run: moveLicense, target: (request) => licenseTarget(request, { folder: request.folder }) },
  'move-licenses': {
    run: moveLicenses,
    target: ({ serialNumbers, folder }) => ({ about: { ...namedLicenses(serialNumbers), folder } }),
  },
  'change-licenses': { run: changeMany, target: licensesTarget },
  'assign-each': { run: assignEach, target: assignmentsTarget },
  'delete-license': { run: deleteLicense, target: (request) => licenseTarget(request) },
  'restore-license': { run: restoreLicense, target: (request) => licenseTarget(request) },

  'get-import': { run: getImport, target: readsOnly },
  'create-upload': { run: createUpload, target: (request) => uploadTarget(request, { name: request.name }) },
  'paste-licenses': { run: pasteLicenses, target: (request) => uploadTarget(request) },
  'list-imports': { run: listImports, target: readsOnly },
  'list-waiting-uploads': { run: listWaitingUploads, target: readsOnly },
  'create-download': { run: createDownload, target: downloadTarget },
  'preview-import': { run: previewImport, target: readsOnly },
  'get-import-preview': { run: getImportPreview, target: readsOnly },

  'plan-renewal': { run: planRenewalCommand, target: planTarget },
  'approve-renewal': {
    run: approveRenewal,
    target: (request) => renewalTarget(request, { acceptedShortfall: request.acceptedShortfall.length }),
  },
  'start-renewal': { run: startRenewal, target: (request) => renewalTarget(request) },
  'resume-renewal': { run: resumeRenewal, target: (request) => renewalTarget(request) },
  'undo-renewal': { run: undoRenewal, target: (request) => renewalTarget(request) },
  'list-renewals': { run: listRenewalsCommand, target: readsOnly },
  'get-renewal': { run: getRenewal, target: readsOnly },
  'get-renewal-differences': { run: getRenewalDifferences, target: readsOnly },
  'list-renewal-rows': { run: listRenewalRows, target: readsOnly },
  'list-renewal-endings': { run: listRenewalEndings, target: readsOnly },

  'put-hook': {
    run: putHook,
    target: (request) => hookTarget(request, { members: Object.keys(request.settings) }),
  },
  'get-hook': { run: getHook, target: readsOnly },
  'list-hooks': { run: listHooks, target: readsOnly },
  'get-hook-health': { run: getHookHealth, target: readsOnly },
  'delete-hook': { run: deleteHook, target: (request) => hookTarget(request) },
  'put-webhook': {
    run: putWebhook,
    target: (request) => webhookTarget(request, { members: Object.keys(request.settings) }),
  },
  'get-webhook': { run: getWebhook, target: readsOnly },
  'get-webhook-health': { run: getWebhookHealth, target: readsOnly },
  'test-webhook': { run: testWebhook, target: (request) => webhookTarget(request) },
  'delete-webhook': { run: deleteWebhook, target: (request) => webhookTarget(request) },

  'list-license-history': { run: listLicenseHistory, target: readsOnly },
  'list-user-history': { run: listUserHistory, target: readsOnly },
  'list-tenant-history': { run: listTenantHistory, target: readsOnly },
  'get-user-as-of': { run: getUserAsOf, target: readsOnly },
  'list-folder-as-of': { run: listFolderAsOf, target: readsOnly },
  'list-commands': { run: listCommands, target: readsOnly },
  'get-license-as-of': { run: getLicenseAsOf, target: readsOnly },
  'get-usage': { run: oneAtATime(getUsage), target: readsOnly },
  'list-peaks': { run: oneAtATime(listPeaks), target: readsOnly },
  'get-needs': { run: oneAtATime(getNeeds), target: readsOnly },
  'get-pools': { run: getPools, target: readsOnly },
  'export-licenses': { run: exportLicenses, target: readsOnly },
  'export-user-cards': { run: exportUserCards, target: readsOnly },
  'export-renewal': { run: exportRenewal, target: readsOnly },
  'export-history': { run: exportHistory, target: readsOnly },
  'check-layout': { run: oneAtATime(checkLayout), target: readsOnly },
  'list-expiring': { run: listExpiring, target: readsOnly },
  'list-draining': { run: oneAtATime(listDraining), target: readsOnly },
  'get-expiry-calendar': { run: oneAtATime(getExpiryCalendar), target: readsOnly },
  'create-calendar-feed': { run: createCalendarFeed, target: () => ({ about: {} }) },
  'list-calendar-feeds': { run: listCalendarFeeds, target: readsOnly },
  'delete-calendar-feed': { run: deleteCalendarFeed, target: ({ feedId }) => ({ about: { feedId } }) },
};
