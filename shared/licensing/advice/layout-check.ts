import { ROOT, Z_OLD } from '../folder-tree.ts';
import { ALL_MODULES, isAllocatable, type License, lifecycleState } from '../license/license.ts';
import { stepsFor } from '../login/allocation-steps.ts';
import { neededAccess, type UserCard, usableAssigned } from '../login/user-card.ts';
import type { TenantSettings } from '../tenant/tenant.ts';
import { termPhase } from '../term.ts';
import type { Day } from '../time.ts';

/** What deserves a look in a tenant's tree (R44). A warning never stops anything. */
export const LAYOUT_WARNINGS = [
  'modules-mixed-in-folder',
  'free-all-modules-in-root',
  'nothing-for-user-card',
  'expired-assigned',
  'set-aside-assigned',
  'dedicated-without-user-cards',
] as const;

export type LayoutWarningName = (typeof LAYOUT_WARNINGS)[number];

/** One warning about one folder: how many licenses or user cards it is about, and the names of the first of them. */
export type LayoutWarning = {
  readonly warning: LayoutWarningName;
  readonly folderId: string;
  readonly count: number;
  readonly serialNumbers?: readonly string[];
  readonly users?: readonly string[];
};

/** The most names that a warning gives. */
export const NAMED_AT_MOST = 100;

/**
 * Checks a tenant's licenses and user cards one by one. Add all licenses before the first card. It keeps only what the
 * warnings need for each folder, so its memory grows with the folders and not with the licenses or users.
 */
export function layoutCheck(settings: Pick<TenantSettings, 'environment'>, today: Day) {
  const folders = new Map<string, FolderFacts>();
  const found = new Map<string, { readonly warning: LayoutWarningName; readonly folderId: string; names: Names }>();
  let hasModuleSpecific = false;
  const factsOf = (folderId: string): FolderFacts => {
    const facts = folders.get(folderId) ?? newFacts();
    folders.set(folderId, facts);
    return facts;
  };
  const warn = (warning: LayoutWarningName, folderId: string, name: string): void => {
    const key = `${warning} ${folderId}`;
    const entry = found.get(key) ?? { warning, folderId, names: { count: 0, first: [] } };
    found.set(key, { ...entry, names: withName(entry.names, name) });
  };

  const addLicense = (license: License): void => {
    const { serialNumber, folderId, assignedTo, modules, type } = license;
    const state = lifecycleState(license);
    if (state === 'deleted' || state === 'held-back') return;
    const phase = termPhase(license, today);
    if (assignedTo !== undefined && phase === 'expired') warn('expired-assigned', folderId, serialNumber);
    if (folderId === Z_OLD) {
      if (assignedTo !== undefined) warn('set-aside-assigned', folderId, serialNumber);
      return;
    }
    const facts = factsOf(folderId);
    if (modules === ALL_MODULES) facts.allModules += 1;
    else facts.moduleSpecific += 1;
    hasModuleSpecific ||= modules !== ALL_MODULES;
    if (state === 'free' && modules === ALL_MODULES && folderId === ROOT) {
      facts.freeAllModules = withName(facts.freeAllModules, serialNumber);
    }
    if (state === 'free' && type === 'dedicated') facts.freeDedicated = withName(facts.freeDedicated, serialNumber);
    // A floating license in use will come back. A dedicated license that is assigned or in use will not.
    const mayBeGot = phase === 'valid' && isAllocatable(license) && (type === 'floating' || state === 'free');
    if (mayBeGot) facts.gives.add(`${type} ${license.access}`);
  };

  const addUserCard = (card: UserCard): void => {
    const { user, folderId, level, assigned } = card;
    factsOf(folderId).userCards += 1;
    const has = usableAssigned(assigned, 'all-modules', today) ?? usableAssigned(assigned, 'module-specific', today);
    if (level === 'no-access' || has !== undefined) return;
    const access = neededAccess(card);
    const gives = stepsFor({ folderId, access, environment: settings.environment }).some(
      (step) => step.closed === undefined && folders.get(step.folderId)?.gives.has(`${step.type} ${access}`),
    );
    if (!gives) warn('nothing-for-user-card', folderId, user);
  };

  const warnings = (): readonly LayoutWarning[] => {
    const ofFolders = [...folders].flatMap(([folderId, facts]): LayoutWarning[] => {
      const { allModules, moduleSpecific, freeAllModules, freeDedicated, userCards } = facts;
      return [
        ...(allModules > 0 && moduleSpecific > 0
          ? [{ warning: 'modules-mixed-in-folder', folderId, count: allModules + moduleSpecific } as const]
          : []),
        ...(hasModuleSpecific && freeAllModules.count > 0
          ? [{ warning: 'free-all-modules-in-root', folderId, ...asSerials(freeAllModules) } as const]
          : []),
        ...(userCards === 0 && freeDedicated.count > 0
          ? [{ warning: 'dedicated-without-user-cards', folderId, ...asSerials(freeDedicated) } as const]
          : []),
      ];
    });
    const ofItems = [...found.values()].map(({ warning, folderId, names }) =>
      warning === 'nothing-for-user-card'
        ? { warning, folderId, count: names.count, users: names.first }
        : { warning, folderId, ...asSerials(names) },
    );
    return [...ofFolders, ...ofItems].toSorted(compareWarnings);
  };

  return { addLicense, addUserCard, warnings };
}

type Names = { readonly count: number; readonly first: readonly string[] };

type FolderFacts = {
  allModules: number;
  moduleSpecific: number;
  userCards: number;
  freeAllModules: Names;
  freeDedicated: Names;
  /** `type access` of the licenses that auto-allocation could give here, now or when they come back. */
  readonly gives: Set<string>;
};

function newFacts(): FolderFacts {
  const none = { count: 0, first: [] };
  return {
    allModules: 0,
    moduleSpecific: 0,
    userCards: 0,
    freeAllModules: none,
    freeDedicated: none,
    gives: new Set(),
  };
}

function withName({ count, first }: Names, name: string): Names {
  return { count: count + 1, first: first.length < NAMED_AT_MOST ? [...first, name] : first };
}

function asSerials({ count, first }: Names) {
  return { count, serialNumbers: first };
}

function compareWarnings(one: LayoutWarning, other: LayoutWarning): number {
  const order = LAYOUT_WARNINGS.indexOf(one.warning) - LAYOUT_WARNINGS.indexOf(other.warning);
  return order !== 0 ? order : one.folderId < other.folderId ? -1 : 1;
}
