import { defined } from '../../shared/licensing/defined.ts';
import { EMPTY_TREE, type FolderTree, ROOT } from '../../shared/licensing/folder-tree.ts';
import type { License } from '../../shared/licensing/license/license.ts';
import type { Claims } from '../../shared/licensing/login/card-from-claims.ts';
import type { Receipt } from '../../shared/licensing/login/receipt.ts';
import { idleDeadline, type UserCard } from '../../shared/licensing/login/user-card.ts';
import type { TenantSettings } from '../../shared/licensing/tenant/tenant.ts';
import { dayIn, type Instant, plus } from '../../shared/licensing/time.ts';
import type { Clock } from '../../shared/platform/clock.ts';
import { keyedHash as keyedHashOf } from '../../shared/platform/keyed-hash.ts';
import { MAX_WRITES, type Table } from '../../shared/platform/ports/table.ts';
import { seededRandom } from '../../shared/platform/random.ts';
import { endSession } from '../../shared/sign-in/sessions/end-session.ts';
import { logIn } from '../../shared/sign-in/sessions/log-in.ts';
import type { LoginDeps } from '../../shared/sign-in/sessions/read-round.ts';
import { licenseItem, licenseOf, tenantItem, userCardItem, vacancyItem } from '../../shared/store/items.ts';
import { licenseKey } from '../../shared/store/keys.ts';
import { readTenant } from '../../shared/store/read-tenant.ts';
import { readUserCard } from '../../shared/store/read-user-card.ts';
import { isVacant } from '../../shared/store/write-license.ts';
import { memoryTable } from './memory-table.ts';

export const NOW: Instant = '2026-03-02T08:15:32.159Z';

/** The key of the stage, in tests. */
export const keyedHash = keyedHashOf(async () => 'the key of the tests');

export const SETTINGS: TenantSettings = {
  customers: ['acme'],
  timeZone: 'Europe/Helsinki',
  environment: 'cloud',
  idleTimeout: 8 * 3_600_000,
  cleanupHour: 3,
  setAsideWarningDays: 7,
  refuseWithoutLicense: false,
  folderClaims: { folders: {}, moveExisting: false },
  publicKeys: {},
};

/** Folder ids are their names in small letters. */
export const FOLDERS: FolderTree = {
  ...EMPTY_TREE,
  finance: { name: 'Finance', parent: ROOT },
  helsinki: { name: 'Helsinki', parent: 'finance' },
  sales: { name: 'Sales', parent: ROOT },
};

export function aLicense(facts: Partial<License> = {}): License {
  return {
    tenant: 'acme',
    serialNumber: 'A1000001',
    type: 'floating',
    access: 'write',
    modules: 'all',
    validFrom: '2026-01-15',
    expiresOn: '2027-01-14',
    folderId: ROOT,
    version: 1,
    imported: { importId: 'import-1', outcome: 'added', issued: '2026-01-15' },
    change: { actor: 'test', cause: 'import', at: NOW },
    ...facts,
  };
}

export function aUserCard(facts: Partial<UserCard> = {}): UserCard {
  return {
    tenant: 'acme',
    user: 'ada',
    folderId: 'finance',
    access: 'write',
    level: 'normal',
    sessions: {},
    ended: {},
    assigned: {},
    revision: 1,
    change: { actor: 'test', cause: 'test', at: NOW },
    ...facts,
  };
}

/** A clock that stands still until it is moved, or until somebody pauses. */
export function fixedClock(start: Instant = NOW): Clock & { readonly move: (milliseconds: number) => void } {
  let now = start;
  const move = (milliseconds: number): void => {
    now = plus(now, milliseconds);
  };
  return { now: () => now, pause: async (milliseconds) => move(milliseconds), move };
}

export type WorldFacts = {
  readonly table?: Table;
  readonly settings?: Partial<TenantSettings>;
  readonly licenses?: readonly License[];
  readonly cards?: readonly UserCard[];
  readonly seed?: number;
};

/** One tenant `acme` with folders, licenses and cards, and the use cases as they are called. */
export async function aWorld({
  table = memoryTable(),
  settings,
  licenses = [],
  cards = [],
  seed = 1,
}: WorldFacts = {}) {
  const clock = fixedClock();
  const tenant = {
    tenantId: 'acme',
    settings: { ...SETTINGS, ...settings },
    folders: FOLDERS,
    version: 1,
    change: { actor: 'test', cause: 'test', at: NOW },
  };
  const today = dayIn(tenant.settings.timeZone, clock.now());
  const items = [
    tenantItem(tenant),
    ...licenses.map(licenseItem),
    ...licenses.filter((license) => isVacant(license, today)).map(vacancyItem),
    ...cards.map((card) => userCardItem(card, idleDeadline(card.sessions, tenant.settings.idleTimeout))),
  ];
  for (let start = 0; start < items.length; start += MAX_WRITES) {
    await table.write(items.slice(start, start + MAX_WRITES).map((put) => ({ put })));
  }

  const deps: LoginDeps = {
    table,
    clock,
    random: seededRandom(seed),
    readTenant: readTenant(table),
    cardHints: new Map(),
    vacancyHints: new Map(),
  };
  const { login, logout } = useCases(deps, tenant.settings);
  const license = async (serialNumber: string): Promise<License> => {
    const item = await table.get(licenseKey('acme', serialNumber));
    if (item === undefined) throw new Error(`no license ${serialNumber}`);
    return licenseOf(item);
  };
  const card = async (user: string): Promise<UserCard | undefined> => (await readUserCard(table, 'acme', user)).card;
  /** The use cases as another process runs them: with a table, clock or memory of its own. */
  const elsewhere = (changes: Partial<LoginDeps>) => useCases({ ...deps, ...changes }, tenant.settings);
  return { deps, table, clock, tenant, login, logout, license, card, elsewhere };
}

type LoginFacts = {
  /** null: the user as a whole. */
  readonly session?: string | null;
  readonly at?: Instant;
  readonly kind?: 'login' | 'activity';
  readonly claims?: Claims;
};

function useCases(deps: LoginDeps, settings: TenantSettings) {
  const { clock } = deps;
  const login = async (
    user: string,
    { session = 's1', at = clock.now(), kind = 'login', claims = {} }: LoginFacts = {},
  ): Promise<Receipt> => {
    const named = session === null ? {} : { session };
    return logIn(deps, { tenant: 'acme', user, ...named, kind, at, claims, actor: 'test' });
  };
  const logout = (user: string, session: string | undefined = undefined, at: Instant = clock.now()) =>
    endSession(
      deps,
      settings,
      defined({
        tenant: 'acme',
        user,
        session,
        at,
        actor: 'test',
        cause: 'logout',
      }),
    );
  return { login, logout };
}
