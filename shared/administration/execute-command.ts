import { auditTenant } from '../audit/audit-tenant.ts';
import type { Tenant } from '../licensing/tenant/tenant.ts';
import type { Role } from '../licensing/vocabulary.ts';
import type { AdministerRequest } from './administer-request.ts';
import { checkLayout, listDraining, listExpiring } from './advice.ts';
import { assignEach } from './assign-each.ts';
import { changeMany } from './bulk-change.ts';
import { changeCards } from './bulk-change-cards.ts';
import type { AdministerDeps } from './deps.ts';
import { eraseUser } from './erase-user.ts';
import { explainLogin } from './explain-login.ts';
import { exportHistory, exportLicenses, exportUserCards } from './exports.ts';
import { createFolderCommand, deleteFolderCommand, listFolders, renameFolderOf } from './folders.ts';
import { getLicenseAsOf, getUsage, listLicenseHistory, listTenantHistory, listUserHistory } from './history.ts';
import { deleteHook, getHook, listHooks, putHook } from './hooks.ts';
import { listInactive } from './inactive.ts';
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
import { noted } from './note-command.ts';
import { isRefusal, type Refusal } from './refusal.ts';
import { refusalOfError } from './refusal-of-error.ts';
import { removeUserCard } from './remove-user-card.ts';
import {
  approveRenewal,
  getRenewal,
  listRenewalsCommand,
  planRenewalCommand,
  resumeRenewal,
  startRenewal,
  undoRenewal,
} from './renewals.ts';
import { getImport } from './reports.ts';
import { createTenant, shownTenant, unknownTenant, updateTenant } from './tenants.ts';
import { createUpload, listImports, pasteLicenses } from './uploads.ts';
import { disconnect, getUserCard, listUserCards, putUserCard } from './user-cards.ts';
import { deleteWebhook, getWebhook, putWebhook } from './webhook.ts';

/**
 * Answers an administrator's command with its result, or with why it cannot be done; throws only for our own failures.
 * Whoever calls the function itself is an operator.
 */
export async function executeCommand(
  deps: AdministerDeps,
  request: AdministerRequest,
  role: Role = 'operator',
): Promise<object> {
  const answer = await notedAnswer(deps, request, role).catch(refusalOf(request));
  const { tenant, command } = request;
  deps.log('administered', { tenant, command, refused: isRefusal(answer) ? answer.error.code : undefined });
  return answer;
}

async function notedAnswer(deps: AdministerDeps, request: AdministerRequest, role: Role): Promise<object> {
  if (request.command === 'create-tenant') {
    return noted(deps, request, role, () => createTenant(deps, request).catch(refusalOf(request)));
  }
  const tenant = await deps.readTenant(request.tenant);
  if (tenant === undefined) return unknownTenant(request.tenant);
  return noted(deps, request, role, () => answerOf(deps, request, tenant, role).catch(refusalOf(request)));
}

type OfOneTenant = Exclude<AdministerRequest, { readonly command: 'create-tenant' }>;

async function answerOf(deps: AdministerDeps, request: OfOneTenant, tenant: Tenant, role: Role): Promise<object> {
  const ofTenant = { ...deps, tenant };
  switch (request.command) {
    case 'get-tenant':
      return shownTenant(tenant);
    case 'update-tenant':
      return updateTenant(deps, request, role);
    case 'create-folder':
      return createFolderCommand(deps, request);
    case 'rename-folder':
      return renameFolderOf(deps, request);
    case 'delete-folder':
      return deleteFolderCommand(ofTenant, request);
    case 'merge-folder':
      return mergeFolders(ofTenant, request);
    case 'list-folders':
      return listFolders(ofTenant);
    case 'put-user-card':
      return putUserCard(ofTenant, request);
    case 'change-user-cards':
      return changeCards(ofTenant, request);
    case 'get-user-card':
      return getUserCard(ofTenant, request);
    case 'remove-user-card':
      return removeUserCard(ofTenant, request);
    case 'list-user-cards':
      return listUserCards(ofTenant, request);
    case 'link-id':
      return linkId(ofTenant, request);
    case 'unlink-id':
      return unlinkId(ofTenant, request);
    case 'list-inactive':
      return listInactive(ofTenant, request);
    case 'disconnect':
      return disconnect(ofTenant, request);
    case 'list-licenses':
      return listLicenses(ofTenant, request);
    case 'get-license':
      return getLicense(ofTenant, request);
    case 'assign-license':
      return assignLicense(ofTenant, request);
    case 'release-license':
      return releaseLicense(ofTenant, request);
    case 'move-license':
      return moveLicense(ofTenant, request);
    case 'move-licenses':
      return moveLicenses(ofTenant, request);
    case 'change-licenses':
      return changeMany(ofTenant, request);
    case 'assign-each':
      return assignEach(ofTenant, request);
    case 'delete-license':
      return deleteLicense(ofTenant, request);
    case 'restore-license':
      return restoreLicense(ofTenant, request);
    case 'get-import':
      return getImport(ofTenant, request);
    case 'create-upload':
      return createUpload(ofTenant, request);
    case 'paste-licenses':
      return pasteLicenses(ofTenant, request);
    case 'list-imports':
      return listImports(ofTenant, request);
    case 'plan-renewal':
      return planRenewalCommand(ofTenant, request);
    case 'approve-renewal':
      return approveRenewal(ofTenant, request);
    case 'start-renewal':
      return startRenewal(ofTenant, request);
    case 'resume-renewal':
      return resumeRenewal(ofTenant, request);
    case 'undo-renewal':
      return undoRenewal(ofTenant, request);
    case 'list-renewals':
      return listRenewalsCommand(ofTenant);
    case 'get-renewal':
      return getRenewal(ofTenant, request);
    case 'put-hook':
      return putHook(ofTenant, request);
    case 'get-hook':
      return getHook(ofTenant, request);
    case 'list-hooks':
      return listHooks(ofTenant);
    case 'delete-hook':
      return deleteHook(ofTenant, request);
    case 'put-webhook':
      return putWebhook(ofTenant, request);
    case 'get-webhook':
      return getWebhook(ofTenant);
    case 'delete-webhook':
      return deleteWebhook(ofTenant, request);
    case 'explain-login':
      return explainLogin(ofTenant, request);
    case 'erase-user':
      return eraseUser(ofTenant, request);
    case 'list-license-history':
      return listLicenseHistory(ofTenant, request);
    case 'list-user-history':
      return listUserHistory(ofTenant, request);
    case 'list-tenant-history':
      return listTenantHistory(ofTenant, request);
    case 'list-commands':
      return listCommands(ofTenant, request);
    case 'get-license-as-of':
      return getLicenseAsOf(ofTenant, request);
    case 'get-usage':
      return getUsage(ofTenant, request);
    case 'export-licenses':
      return exportLicenses(ofTenant, request);
    case 'export-user-cards':
      return exportUserCards(ofTenant, request);
    case 'export-history':
      return exportHistory(ofTenant, request);
    case 'check-layout':
      return checkLayout(ofTenant);
    case 'list-expiring':
      return listExpiring(ofTenant, request);
    case 'list-draining':
      return listDraining(ofTenant, request);
    case 'audit':
      return auditTenant(deps, tenant, { repairAs: request.repair ? request.actor : undefined });
  }
}

function refusalOf({ command }: AdministerRequest): (error: unknown) => Refusal {
  return (error) => refusalOfError(command, error);
}
