import { ROOT } from '../folder-tree.ts';
import { ALL_MODULES, isAllocatable } from '../license/license.ts';
import { sentence } from '../sentences.ts';
import type { Access, Environment, LicenseType } from '../vocabulary.ts';

/** The steps of auto-allocation, in the order in which they are tried (R14). */
export const ALLOCATION_STEPS = [
  { name: 'floating-in-folder', type: 'floating', where: 'folder' },
  { name: 'floating-in-root', type: 'floating', where: 'root' },
  { name: 'dedicated-in-folder', type: 'dedicated', where: 'folder' },
  { name: 'dedicated-in-root', type: 'dedicated', where: 'root' },
] as const;

export type StepName = (typeof ALLOCATION_STEPS)[number]['name'];

export const STEP_NAMES: readonly StepName[] = ALLOCATION_STEPS.map(({ name }) => name);

/** A step as it applies to one user: the folder in which it looks, and whether the user may have its licenses. */
export type Step = {
  readonly name: StepName;
  readonly type: LicenseType;
  readonly folderId: string;
  /** Why the step gives this user nothing, whatever is free there. */
  readonly closed?: string;
};

/**
 * Returns the steps for a user, in order. For a card in the root these are only the `-in-root` steps. The steps that
 * give dedicated licenses are closed to a user who needs `read` (R16), and on premises (R19).
 */
export function stepsFor(user: {
  readonly folderId: string;
  readonly access: Access;
  readonly environment: Environment;
}): readonly Step[] {
  return ALLOCATION_STEPS.filter((step) => step.where === 'root' || user.folderId !== ROOT).map((step) => {
    const folderId = step.where === 'root' ? ROOT : user.folderId;
    const open = { name: step.name, type: step.type, folderId };
    if (step.type === 'floating') return open;
    if (user.environment === 'on-premises') return { ...open, closed: sentence('step', 'off-on-premises', {}) };
    const isForUser = isAllocatable({ type: step.type, access: user.access, modules: ALL_MODULES });
    return isForUser ? open : { ...open, closed: sentence('step', 'wrong-access', {}) };
  });
}
