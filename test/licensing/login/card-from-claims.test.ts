import { describe, expect, it } from 'vitest';
import {
  type Claims,
  cardAtLogin,
  isKeptOut,
  lostFolderClaim,
  newCard,
} from '../../../shared/licensing/login/card-from-claims.ts';
import type { UserCard } from '../../../shared/licensing/login/user-card.ts';
import type { TenantSettings } from '../../../shared/licensing/tenant/tenant.ts';
import { plus } from '../../../shared/licensing/time.ts';
import type { ClaimsCount, Level } from '../../../shared/licensing/vocabulary.ts';
import { aUserCard, FOLDERS, NOW, SETTINGS } from '../../fakes/world.ts';

const CHANGE = { actor: 'test', cause: 'login', at: NOW };
const COUNTS: readonly ClaimsCount[] = ['at-creation', 'each-login'];

const aTenant = (settings: Partial<TenantSettings> = {}) => ({
  tenantId: 'acme',
  settings: { ...SETTINGS, ...settings },
  folders: FOLDERS,
  version: 1,
  change: CHANGE,
});
const mapping = (folders: Record<string, string>) => ({ folderClaims: { folders, moveExisting: false } });

/** The card after a login with the claims. */
function cardAfter(
  settings: Partial<TenantSettings>,
  card: Partial<UserCard>,
  claims: Claims,
  at = NOW,
  kind = 'login',
) {
  const call = { kind: kind as 'login' | 'activity', at };
  return cardAtLogin(aTenant(settings), aUserCard(card), claims, call, NOW);
}

describe('a new card', () => {
  const made = (claims: Claims, settings = {}) => newCard(aTenant(settings), 'ada', claims, undefined, CHANGE);

  it('without claims: write, normal, in the root (R11)', () => {
    expect(made({})).toMatchObject({ folderId: 'root', access: 'write', level: 'normal', sessions: {}, assigned: {} });
  });

  it.each([
    ['its path', 'Finance/Helsinki', {}, 'helsinki'],
    ['what its value is mapped to', '4711', { 4711: 'Sales' }, 'sales'],
    ['the root, when there is no such folder', 'Nowhere', {}, 'root'],
    ['the root, when it is mapped to none', '4711', { 4711: 'Nowhere' }, 'root'],
    ['the root instead of zOld', 'zOld', {}, 'root'],
    ['the root instead of zOld, mapped', '4711', { 4711: 'zOld' }, 'root'],
    ['nothing that every object has', 'constructor', {}, 'root'],
  ])('has the folder of the claim: %s (R11)', (_title, folder, folders, folderId) => {
    expect(made({ folder }, mapping(folders)).folderId).toBe(folderId);
  });

  it('remembers that a claim, and no administrator, keeps the user out', () => {
    expect(made({ level: 'no-access' })).toMatchObject({ level: 'no-access', noAccessBy: 'claim' });
    expect(made({ level: 'readonly' })).not.toHaveProperty('noAccessBy');
  });

  it.each(['', '  '])('has no name where the provider says "%s"', (name) => {
    expect(made({ name })).not.toHaveProperty('name');
  });

  it('keeps the marks of sessions that ended before there was a card (R24)', () => {
    const marks = { tenant: 'acme', user: 'ada', ended: { 's:s1': NOW } };
    expect(newCard(aTenant(), 'ada', {}, marks, CHANGE).ended).toEqual({ 's:s1': NOW });
  });
});

describe('claims of a user who has a card', () => {
  const CLAIMS: Claims = { folder: 'Sales', access: 'read', level: 'root', name: 'Ada Lovelace' };
  const CARD = { folderId: 'finance', access: 'write', level: 'normal', name: 'Ada Byron' } as const;
  const FOLLOWED = { folderId: 'sales', access: 'read', level: 'root', name: 'Ada Lovelace' };

  it('count at each login where the tenant says so; the name always does', () => {
    expect(cardAfter({ claims: 'each-login' }, CARD, CLAIMS)).toMatchObject(FOLLOWED);
    expect(cardAfter({ claims: 'at-creation' }, CARD, CLAIMS)).toMatchObject({ ...CARD, name: 'Ada Lovelace' });
    expect(cardAfter({}, CARD, CLAIMS)).toMatchObject({ ...CARD, name: 'Ada Lovelace' });
  });

  it('count at each login where an older tenant’s claims move existing cards', () => {
    const folderClaims = { folders: {}, moveExisting: true };
    expect(cardAfter({ folderClaims }, CARD, CLAIMS)).toMatchObject(FOLLOWED);
    expect(cardAfter({ folderClaims, claims: 'at-creation' }, CARD, CLAIMS)).toMatchObject({
      ...CARD,
      name: FOLLOWED.name,
    });
  });

  it.each(Object.keys(CLAIMS) as (keyof Claims)[])('change nothing if they are absent: %s', (absent) => {
    const { [absent]: _, ...claims } = CLAIMS;
    const fact = absent === 'folder' ? 'folderId' : absent;
    expect(cardAfter({ claims: 'each-login' }, CARD, claims)).toMatchObject({ ...FOLLOWED, [fact]: CARD[fact] });
  });

  it.each<[string, Claims]>([
    ['an empty name', { name: '' }],
    ['a blank name', { name: ' ' }],
    ['a folder that is not there', { folder: 'Nowhere' }],
    ['zOld', { folder: 'zOld' }],
    ['none at all', {}],
  ])('change nothing: %s', (_title, claims) => {
    expect(cardAfter({ claims: 'each-login' }, CARD, claims)).toEqual(aUserCard({ ...CARD, loggedInAt: NOW }));
  });

  it('change nothing at an activity, and none of a login that is older than the last one', () => {
    const card = { ...CARD, loggedInAt: plus(NOW, -10) };
    expect(cardAfter({ claims: 'each-login' }, card, CLAIMS, NOW, 'activity')).toEqual(aUserCard(card));
    expect(cardAfter({ claims: 'each-login' }, card, CLAIMS, plus(NOW, -11))).toEqual(aUserCard(card));
    expect(cardAfter({ claims: 'each-login' }, card, CLAIMS, plus(NOW, -10))).toMatchObject(FOLLOWED);
  });

  it('of a provider whose clock is ahead count as the latest only for as long as a clock may be wrong', () => {
    const { loggedInAt } = cardAfter({}, CARD, {}, '2036-03-02T08:15:32.159Z');
    expect(loggedInAt).toBe(plus(NOW, 5 * 60_000));
  });

  /** Who set the level that the card has. */
  const LEVELS: readonly Pick<UserCard, 'level' | 'noAccessBy'>[] = [
    { level: 'normal' },
    { level: 'readonly' },
    { level: 'no-access' },
    { level: 'no-access', noAccessBy: 'claim' },
  ];
  const SAID: readonly (Level | undefined)[] = [undefined, 'normal', 'root', 'readonly', 'no-access'];
  const TABLE = COUNTS.flatMap((claims) => LEVELS.flatMap((card) => SAID.map((said) => ({ claims, card, said }))));

  it.each(TABLE)(
    'set the level and its source by the rules: $claims, $card.level by $card.noAccessBy, claim $said',
    ({ claims, card, said }) => {
      const told = said === undefined ? {} : { level: said };
      const { level, noAccessBy } = cardAfter({ claims }, card, told);

      const isByAdministrator = card.level === 'no-access' && card.noAccessBy === undefined;
      const stays = claims === 'at-creation' || said === undefined || isByAdministrator;
      const expected = stays ? card : { level: said, ...(said === 'no-access' && { noAccessBy: 'claim' }) };
      expect({ level, ...(noAccessBy && { noAccessBy }) }).toEqual(expected);
    },
  );

  it.each(TABLE)(
    'deny the login exactly if the claim or the resulting card says no-access: $claims, $card.level by $card.noAccessBy, claim $said',
    ({ claims, card, said }) => {
      const told = said === undefined ? {} : { level: said };
      const left = cardAfter({ claims }, card, told);
      const call = { user: 'ada', session: 's1', kind: 'login', at: NOW } as const;

      expect(isKeptOut(left, told, call)).toBe(said === 'no-access');
    },
  );

  it('deny no activity of an open session, but one that would open a session', () => {
    const open = aUserCard({ sessions: { 's:s1': { started: NOW, lastSeen: NOW } } });
    const call = { user: 'ada', session: 's1', kind: 'activity', at: NOW } as const;
    expect(isKeptOut(open, { level: 'no-access' }, call)).toBe(false);
    expect(isKeptOut(open, { level: 'no-access' }, { ...call, kind: 'login' })).toBe(true);
    expect(isKeptOut(open, { level: 'no-access' }, { ...call, session: 's2' })).toBe(true);
    expect(isKeptOut(open, {}, { ...call, kind: 'login' })).toBe(false);
  });
});

describe('a claim of a folder', () => {
  it.each([
    ['Sales', undefined],
    ['', undefined],
    ['fin', undefined],
    ['Salse', 'Salse'],
    ['sales', 'sales'],
    ['zOld', 'zOld'],
    ['old', 'old'],
    ['gone', 'gone'],
  ])('"%s" leads nowhere: %s', (folder, lost) => {
    const tenant = aTenant(mapping({ fin: 'Finance', old: 'zOld', gone: 'Gone' }));
    expect(lostFolderClaim(tenant, { folder })).toBe(lost);
  });

  it('that is absent leads neither to a folder nor to an error', () => {
    expect(lostFolderClaim(aTenant(), {})).toBeUndefined();
  });

  it('is reported in at most 1,024 bytes, and no character is cut in two', () => {
    expect(lostFolderClaim(aTenant(), { folder: 'x'.repeat(2_000) })).toBe('x'.repeat(1_024));
    expect(lostFolderClaim(aTenant(), { folder: `x${'ä'.repeat(600)}` })).toBe(`x${'ä'.repeat(511)}`);
    expect(lostFolderClaim(aTenant(), { folder: `xyz${'🦉'.repeat(300)}` })).toBe(`xyz${'🦉'.repeat(255)}`);
  });
});
