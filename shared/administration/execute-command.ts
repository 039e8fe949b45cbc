import type { Role } from '../licensing/vocabulary.ts';
import type { AdministerRequest } from './administer-request.ts';
import { settingsTarget } from './command-target.ts';
import { commandOf } from './commands.ts';
import type { AdministerDeps } from './deps.ts';
import { listTenants } from './list-tenants.ts';
import { getMe } from './me.ts';
import { noted } from './note-command.ts';
import { isRefusal, type Refusal } from './refusal.ts';
import { refusalOfError } from './refusal-of-error.ts';
import { createTenant, unknownTenant } from './tenants.ts';

/**
 * Executes an administrator's command. Returns its result, or a refusal. Throws only when the service itself fails. A
 * caller that invokes the function directly is an operator.
 */
export async function executeCommand(
  deps: AdministerDeps,
  request: AdministerRequest,
  role: Role = 'operator',
): Promise<object> {
  const answer = await execute(deps, request, role).catch(refusalOf(request));
  const tenant = 'tenant' in request ? request.tenant : undefined;
  deps.log('administered', {
    tenant,
    command: request.command,
    refused: isRefusal(answer) ? answer.error.code : undefined,
  });
  return answer;
}

async function execute(deps: AdministerDeps, request: AdministerRequest, role: Role): Promise<object> {
  if (request.command === 'get-me') return getMe(deps, request, role);
  if (request.command === 'list-tenants') return listTenants(deps, request);
  if (request.command === 'create-tenant') {
    const target = settingsTarget(request);
    return noted(deps, request, role, target, () => createTenant(deps, request).catch(refusalOf(request)));
  }
  const tenant = await deps.readTenant(request.tenant);
  if (tenant === undefined) return unknownTenant(request.tenant);
  const { run, target } = commandOf(request.command);
  const answer = async () => run({ ...deps, tenant }, request, role);
  return noted(deps, request, role, target(request), () => answer().catch(refusalOf(request)));
}

function refusalOf({ command }: AdministerRequest): (error: unknown) => Refusal {
  return (error) => refusalOfError(command, error);
}
