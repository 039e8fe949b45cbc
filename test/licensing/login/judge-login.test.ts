import { describe, expect, it } from 'vitest';
import { judgeLogin, type LoginRequest } from '../../../shared/licensing/login/judge-login.ts';
import type { LicenseSnapshot, UserCard } from '../../../shared/licensing/login/user-card.ts';
import type { TenantSettings } from '../../../shared/licensing/tenant/tenant.ts';
import { plus } from '../../../shared/licensing/time.ts';
import { aUserCard, NOW, SETTINGS } from '../../fakes/world.ts';

const HOUR = 3_600_000;
const VALID: LicenseSnapshot = {
  type: 'dedicated',
  access: 'write',
  modules: 'all',
  validFrom: '2026-01-15',
  expiresOn: '2027-01-14',
  folderId: 'root',
};
const EXPIRED = { ...VALID, expiresOn: '2026-03-01' };
const TO_COME = { ...VALID, validFrom: '2026-03-03' };
const MODULE = { ...VALID, modules: 'CMDB' };
const OPEN = { 's:s1': { started: NOW, lastSeen: NOW } };
const ON_FLOATING = { current: { ...VALID, type: 'floating', serialNumber: 'F' }, sessions: OPEN } as const;
const ON_EXPIRED = { current: { ...EXPIRED, type: 'floating', serialNumber: 'F' }, sessions: OPEN } as const;
const ON_RELEASING = { current: { ...VALID, serialNumber: 'D', releasing: true }, sessions: OPEN } as const;

const STEPS = ['floating-in-folder', 'floating-in-root', 'dedicated-in-folder', 'dedicated-in-root'];
const KEEP = { keep: 'current license' };

type Case = {
  readonly title: string;
  readonly card?: Partial<UserCard>;
  readonly request?: Partial<LoginRequest>;
  readonly settings?: Partial<TenantSettings>;
  readonly is: object;
};

const allocate = (otherwise: object, steps: readonly string[] = STEPS) => ({
  allocate: steps.map((name) => expect.objectContaining({ name })),
  otherwise,
});
const NONE = { deny: 'no-free-license' };
const blocked = (serialNumber: string, expiresOn: string) => ({
  deny: 'assigned-license-expired',
  blockedBy: { serialNumber, expiresOn },
});

const CASES: readonly Case[] = [
  { title: 'a user without anything: the four steps, else none free (R14, R20)', is: allocate(NONE) },
  { title: 'root level is licensed like normal', card: { level: 'root' }, is: allocate(NONE) },
  {
    title: 'no access: denied before anything else (R11)',
    card: { level: 'no-access', ...ON_FLOATING },
    is: { deny: 'no-access' },
  },
  {
    title: 'no access: but activity of an open session is no login, and never refused (R24)',
    card: { level: 'no-access', ...ON_FLOATING },
    request: { kind: 'activity' },
    is: { keep: 'current license' },
  },
  { title: 'a valid assigned license is used (R13)', card: { assigned: { D: VALID } }, is: { use: 'D' } },
  {
    title: 'on its last day it is valid',
    card: { assigned: { D: { ...VALID, expiresOn: '2026-03-02' } } },
    is: { use: 'D' },
  },
  {
    title: 'of several the one that expires last, never-ending ones before all (R13)',
    card: { assigned: { A: VALID, B: { ...VALID, expiresOn: '2027-01-15' }, C: { ...EXPIRED } } },
    is: { use: 'B' },
  },
  {
    title: 'one that never expires is used before all others',
    card: { assigned: { A: { ...VALID, expiresOn: '2099-12-31' }, B: withoutEnd(VALID) } },
    is: { use: 'B' },
  },
  { title: 'of equal ones always the same', card: { assigned: { B: VALID, A: VALID } }, is: { use: 'A' } },
  {
    title: 'an expired assigned one blocks, and is named (R14)',
    card: { assigned: { D: EXPIRED } },
    is: allocate(blocked('D', '2026-03-01'), []),
  },
  {
    title: 'of several expired ones the one that ended last is named',
    card: { assigned: { A: { ...EXPIRED, expiresOn: '2026-02-28' }, C: EXPIRED, B: EXPIRED } },
    is: allocate(blocked('B', '2026-03-01'), []),
  },
  {
    title: 'one whose term is to come does not block (R14)',
    card: { assigned: { D: TO_COME } },
    is: allocate(NONE),
  },
  {
    title: 'nor does it beside an expired one, which is what is named',
    card: { assigned: { A: TO_COME, D: EXPIRED } },
    is: allocate(blocked('D', '2026-03-01'), []),
  },
  {
    title: 'on the first day of its term it is used (R13)',
    card: { assigned: { D: { ...VALID, validFrom: '2026-03-02' } } },
    is: { use: 'D' },
  },
  {
    title: 'a module-specific one serves beside one whose term is to come, when no step grants (R20)',
    card: { assigned: { M: MODULE, D: TO_COME } },
    is: allocate({ use: 'M' }),
  },
  {
    title: 'a valid one goes before an expired one that would block',
    card: { assigned: { A: EXPIRED, B: VALID } },
    is: { use: 'B' },
  },
  {
    title: 'a module-specific one is what is left (R20)',
    card: { assigned: { M: MODULE } },
    is: allocate({ use: 'M' }),
  },
  {
    title: 'also where an expired one blocks (R20)',
    card: { assigned: { M: MODULE, D: EXPIRED } },
    is: allocate({ use: 'M' }, []),
  },
  {
    title: 'an expired module-specific one neither blocks nor serves',
    card: { assigned: { M: { ...MODULE, expiresOn: '2026-03-01' } } },
    is: allocate(NONE),
  },
  {
    title: 'on the license of other sessions a second one goes on (R12)',
    card: ON_FLOATING,
    request: { session: 's2' },
    is: KEEP,
  },
  {
    title: 'even if a dedicated one was assigned meanwhile (R12)',
    card: { ...ON_FLOATING, assigned: { D: VALID } },
    request: { session: 's2' },
    is: KEEP,
  },
  {
    title: 'an expired license is judged afresh, and kept when nothing is granted (R12)',
    card: ON_EXPIRED,
    request: { session: 's2' },
    is: allocate(KEEP),
  },
  { title: 'a releasing one too (R12)', card: ON_RELEASING, request: { session: 's2' }, is: allocate(KEEP) },
  {
    title: 'and left for one that is assigned (R12, R13)',
    card: { ...ON_RELEASING, assigned: { N: VALID } },
    is: { use: 'N' },
  },
  {
    title: 'and left for a module-specific one when no step grants (R20)',
    card: { ...ON_RELEASING, assigned: { M: MODULE } },
    is: allocate({ use: 'M' }),
  },
  {
    title: 'and kept where an expired one blocks',
    card: { ...ON_RELEASING, assigned: { X: EXPIRED } },
    is: allocate(KEEP, []),
  },
  { title: 'an activity never changes the license (R12)', card: ON_EXPIRED, request: { kind: 'activity' }, is: KEEP },
  {
    title: 'an activity of a session that is not open is a login',
    card: ON_EXPIRED,
    request: { kind: 'activity', session: 's2' },
    is: allocate(KEEP),
  },
  {
    title: 'a session that was ended at that time or later takes nothing (R24)',
    card: { ended: { 's:s1': NOW } },
    is: { deny: 'session-ended' },
  },
  { title: 'one that was ended before may', card: { ended: { 's:s1': plus(NOW, -1) } }, is: allocate(NONE) },
  { title: 'the end of another session does not matter', card: { ended: { 's:s2': NOW } }, is: allocate(NONE) },
  {
    title: 'the end of the user as a whole ends each session',
    card: { ended: { every: NOW } },
    is: { deny: 'session-ended' },
  },
  {
    title: 'a login that is older than the idle time takes nothing (R24)',
    request: { at: plus(NOW, -8 * HOUR - 1) },
    is: { deny: 'too-old' },
  },
  { title: 'one that is just as old does', request: { at: plus(NOW, -8 * HOUR) }, is: allocate(NONE) },
  {
    title: 'a reader gets no dedicated license (R16)',
    card: { access: 'read' },
    is: { allocate: [{ name: STEPS[0] }, { name: STEPS[1] }, { closed: 'wrong access' }, { closed: 'wrong access' }] },
  },
  {
    title: 'readonly users are readers (R16)',
    card: { level: 'readonly' },
    is: { allocate: [{ name: STEPS[0] }, { name: STEPS[1] }, { closed: 'wrong access' }, { closed: 'wrong access' }] },
  },
  {
    title: 'on premises nobody does (R19)',
    settings: { environment: 'on-premises' },
    is: { allocate: [{}, {}, { closed: 'off on premises' }, { closed: 'off on premises' }] },
  },
  {
    title: 'a card in the root has two steps (R14)',
    card: { folderId: 'root' },
    is: allocate(NONE, ['floating-in-root', 'dedicated-in-root']),
  },
];

function withoutEnd({ expiresOn: _, ...note }: LicenseSnapshot): LicenseSnapshot {
  return note;
}

describe('how a login is judged', () => {
  it.each(CASES)('$title', ({ card, request, settings, is }) => {
    const judgement = judgeLogin(
      { ...SETTINGS, ...settings },
      aUserCard(card),
      { user: 'ada', session: 's1', kind: 'login', at: NOW, ...request },
      NOW,
    );
    expect(judgement).toMatchObject(is);
  });

  it('by the terms of whatever is assigned, in every mixture (R13, R14, R20)', () => {
    const phases = { expired: EXPIRED, valid: VALID, 'to come': TO_COME };
    const notes = ['all', 'CMDB'].flatMap((modules) =>
      Object.entries(phases).map(([phase, note]) => [`${phase} ${modules}`, { ...note, modules }] as const),
    );
    for (let mixture = 0; mixture < 2 ** notes.length; mixture += 1) {
      const assigned = Object.fromEntries(notes.filter((_, index) => mixture & (1 << index)));
      const has = (name: string) => Object.hasOwn(assigned, name);
      const isBlocked = has('expired all');
      const otherwise = has('valid CMDB')
        ? { use: 'valid CMDB' }
        : isBlocked
          ? blocked('expired all', '2026-03-01')
          : NONE;

      const judgement = judgeLogin(
        SETTINGS,
        aUserCard({ assigned }),
        { user: 'ada', session: 's1', kind: 'login', at: NOW },
        NOW,
      );

      expect(judgement).toMatchObject(
        has('valid all') ? { use: 'valid all' } : allocate(otherwise, isBlocked ? [] : STEPS),
      );
    }
  });

  it.each([
    ['Pacific/Pago_Pago', '2026-03-03T10:59:59.999Z', '2026-03-03T11:00:00.000Z'],
    ['Europe/Helsinki', '2026-03-02T21:59:59.999Z', '2026-03-02T22:00:00.000Z'],
    ['Pacific/Kiritimati', '2026-03-02T09:59:59.999Z', '2026-03-02T10:00:00.000Z'],
  ])(
    'by the day of the tenant: in %s a license is valid to the last moment of 2 March (F31)',
    (timeZone, last, next) => {
      const card = aUserCard({ assigned: { D: { ...VALID, expiresOn: '2026-03-02' } } });
      const at = (now: string) =>
        judgeLogin({ ...SETTINGS, timeZone }, card, { user: 'ada', session: 's1', kind: 'login', at: now }, now);

      expect(at(last)).toEqual({ use: 'D' });
      expect(at(next)).toEqual({ allocate: [], otherwise: blocked('D', '2026-03-02') });
    },
  );
});
