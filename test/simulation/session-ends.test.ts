import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEvent } from '../../functions/session-hooks/apply-event.ts';
import { defined } from '../../shared/licensing/defined.ts';
import { instantOf, plus } from '../../shared/licensing/time.ts';
import type { Item, Table } from '../../shared/platform/ports/table.ts';
import { seededRandom } from '../../shared/platform/random.ts';
import type { Provider } from '../../shared/sign-in/providers/providers.ts';
import type { SessionEvent } from '../../shared/sign-in/providers/session-event.ts';
import { endIdleSessions } from '../../shared/sign-in/sessions/end-idle-sessions.ts';
import { endSession } from '../../shared/sign-in/sessions/end-session.ts';
import type { LoginDeps } from '../../shared/sign-in/sessions/read-round.ts';
import { seededTurns, turnTakingClock } from '../fakes/interleaving.ts';
import { violationsOf } from '../fakes/invariants.ts';
import { memoryTable } from '../fakes/memory-table.ts';
import { aLicense, aUserCard, aWorld } from '../fakes/world.ts';
import { interleavedTable } from '../fakes/wrapped-table.ts';
import { happens, noSessions, type SessionState, type Step, WHOLE } from './session-model.ts';

const USERS = ['ada', 'bob', 'cyd'];
const SERIALS = ['F1', 'F2'];
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** An event: who reports it, and how long ago it happened. A `repetition` reports an earlier event again. */
type Command = {
  readonly by: 'keycloak' | 'cognito' | 'application' | 'administrator' | 'time' | 'repetition';
  readonly kind: 'login' | 'activity' | 'logout';
  readonly user: string;
  readonly session: string;
  readonly names: 'both' | 'user' | 'session';
  readonly minutesAgo: number;
  readonly which: number;
};

const command: fc.Arbitrary<Command> = fc.record({
  by: fc.oneof(
    { weight: 5, arbitrary: fc.constant('keycloak' as const) },
    { weight: 4, arbitrary: fc.constant('cognito' as const) },
    { weight: 3, arbitrary: fc.constant('application' as const) },
    { weight: 2, arbitrary: fc.constantFrom('administrator' as const, 'repetition' as const) },
    { weight: 1, arbitrary: fc.constant('time' as const) },
  ),
  kind: fc.constantFrom('login', 'activity', 'activity', 'logout'),
  user: fc.constantFrom(...USERS),
  session: fc.constantFrom('s1', 's2', 's3'),
  names: fc.constantFrom('both', 'both', 'user', 'session'),
  minutesAgo: fc.constantFrom(0, 0, 0, 1, 30),
  which: fc.nat({ max: 9 }),
});

/** So many minutes of peace, never to the millisecond the idle time; then what comes in, one after the other. */
const moment = fc.record({
  minutes: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(0, 1, 10) },
    { weight: 2, arbitrary: fc.constantFrom(241, 543) },
    { weight: 1, arbitrary: fc.constantFrom(1_501, 31 * 24 * 60) },
  ),
  commands: fc.array(command, { minLength: 1, maxLength: 4 }),
});

type Told = { readonly provider: Provider; readonly event: SessionEvent; readonly fingerprint?: string };

/** A tenant with fewer licenses than users, and the events of its sessions as the service receives them. */
async function aTenant(calm = memoryTable(), changed: (deps: LoginDeps) => LoginDeps = (deps) => deps) {
  const licenses = SERIALS.map((serialNumber) => aLicense({ serialNumber, expiresOn: '2028-01-14' }));
  const world = await aWorld({ table: calm, licenses, cards: USERS.map((user) => aUserCard({ user })) });
  const deps = changed(world.deps);
  const { tenant, clock } = world;
  const heard: Told[] = [];
  const answers = new Map<string, { answer: string; serial?: string }>();

  const tell = async ({ provider, event, fingerprint }: Told) => {
    const given = defined({ tenant, provider, event, claims: {}, fingerprint });
    const came = await applyEvent(deps, given);
    if (!('receipt' in came)) return { answer: 'done' };
    const { outcome, reason, license } = came.receipt;
    return { answer: reason ?? outcome, ...(license === undefined ? {} : { serial: license.serialNumber }) };
  };

  /** Returns the step of the model for a command, and the event that reports it to the service. */
  const stepOf = (one: Command): { readonly step: Step; readonly told?: Told } => {
    const at = plus(clock.now(), -one.minutesAgo * MINUTE);
    const time = Date.parse(at);
    const { user, session, kind } = one;
    if (one.by === 'time') return { step: { kind: 'sweep' } };
    if (one.by === 'administrator') {
      return { step: { kind: 'disconnect', user, ...(one.names === 'user' ? {} : { session }) } };
    }
    if (one.by === 'repetition') {
      const told = heard.at(-1 - one.which);
      // Providers retry for a few hours only. An event that is older than a day is always too old.
      const isRecent = told !== undefined && Date.parse(told.event.at) > Date.parse(clock.now()) - 6 * HOUR;
      return told === undefined || !isRecent ? { step: { kind: 'sweep' } } : { step: stepOfTold(told), told };
    }
    if (one.by === 'application') {
      if (kind !== 'logout') return { step: { kind, user, session: named(one) ?? WHOLE, at: time, keeps: false } };
      return { step: { kind, user, ...(named(one) === undefined ? {} : { session }), at: time } };
    }
    const provider = one.by;
    const isAlone = provider === 'keycloak' && kind === 'logout' && one.names === 'session';
    const ofSession = provider === 'keycloak' && one.names !== 'user' ? session : null;
    const id = `${heard.length}`;
    const event = { tenant: 'p', user: isAlone ? null : user, session: ofSession, kind, at, id };
    const told = { provider, event, ...(provider === 'keycloak' ? { fingerprint: id } : {}) };
    heard.push(told);
    return { step: stepOfTold(told), told };
  };

  const run = async ({ step, told }: ReturnType<typeof stepOf>): Promise<{ answer: string; serial?: string }> => {
    if (told !== undefined) return tell(told);
    if (step.kind === 'sweep') {
      await endIdleSessions(deps);
      return { answer: 'done' };
    }
    if (step.kind === 'disconnect' || step.kind === 'logout') {
      const { user = '', session } = step;
      const when = step.kind === 'logout' ? { at: instantOf(step.at) } : {};
      const whose = defined({ tenant: 'acme', user, session, ...when });
      await endSession(deps, tenant.settings, { ...whose, actor: 'test', cause: step.kind });
      return { answer: 'done' };
    }
    const session = step.session === WHOLE ? null : step.session;
    const { login } = world.elsewhere(deps);
    const receipt = await login(step.user, { session, kind: step.kind, at: instantOf(step.at) });
    const { outcome, reason, license } = receipt;
    return { answer: reason ?? outcome, ...(license === undefined ? {} : { serial: license.serialNumber }) };
  };

  return { ...world, deps, calm, stepOf, run, answers };
}

function named({ names, session }: Command): string | undefined {
  return names === 'user' ? undefined : session;
}

function stepOfTold({ event: { user, session, kind, at } }: Told): Step {
  const time = Date.parse(at);
  if (kind !== 'logout') return { kind, user: user ?? '', session: session ?? WHOLE, at: time, keeps: true };
  return {
    kind,
    ...(user === null ? {} : { user }),
    ...(session === null ? {} : { session }),
    at: time,
  };
}

type Sessions = Readonly<Record<string, { readonly started: string; readonly lastSeen: string }>>;

function openIn(items: readonly Item[]) {
  const cards = items.filter((item) => item.sk === 'CARD' && 'folderId' in item);
  return cards.map(({ user, sessions, current }) => ({
    user: `${user}`,
    // The model knows no providers.
    open: Object.fromEntries(
      Object.entries(sessions as unknown as Sessions).map(([key, { started, lastSeen }]) => [
        key,
        { started, lastSeen },
      ]),
    ),
    license: (current as { serialNumber: string } | undefined)?.serialNumber,
  }));
}

function openInModel({ cards }: SessionState) {
  return Object.entries(cards).map(([user, { open, license }]) => ({
    user,
    open: Object.fromEntries(
      Object.entries(open).map(([key, { began, seen }]) => [
        key === WHOLE ? '*' : `s:${key}`,
        { started: instantOf(began), lastSeen: instantOf(seen) },
      ]),
    ),
    license,
  }));
}

function isOpen(items: readonly Item[], step: Step): boolean {
  if (!('user' in step) || !('session' in step)) return false;
  const key = step.session === WHOLE ? '*' : `s:${step.session}`;
  return openIn(items).some(({ user, open }) => user === step.user && Object.hasOwn(open, key));
}

/** Collects every reported end of sessions. A session that stays open after its end would hold a license for nobody. */
function endsTold() {
  const told: { readonly user: string; readonly key?: string; readonly at: string }[] = [];
  return {
    push: (step: Step, now: string): void => {
      if ((step.kind !== 'logout' && step.kind !== 'disconnect') || step.user === undefined) return;
      const at = step.kind === 'logout' ? instantOf(step.at) : now;
      told.push({ user: step.user, ...(step.session === undefined ? {} : { key: `s:${step.session}` }), at });
    },
    outlived: (items: readonly Item[]) =>
      openIn(items).flatMap(({ user, open }) =>
        Object.entries(open).flatMap(([key, { started }]) =>
          told.filter((end) => end.user === user && (end.key ?? key) === key && end.at >= started),
        ),
      ),
  };
}

const byUser = (one: { user: string }, other: { user: string }) => (one.user < other.user ? -1 : 1);

const RUNS = {
  numRuns: Number(process.env['RUNS'] ?? 200),
  ...(process.env['SEED'] === undefined ? {} : { seed: Number(process.env['SEED']) }),
};

describe('sessions that begin, are renewed and end in any order', { timeout: 120_000 }, () => {
  it('are open, ended and refused exactly as in the simple model, and an ended session has no license (R24)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(moment, { minLength: 1, maxLength: 14 }), async (moments) => {
        const world = await aTenant();
        const ends = endsTold();
        const model = noSessions(USERS, SERIALS, Date.parse(world.clock.now()));
        for (const { minutes, commands } of moments) {
          world.clock.move(minutes * MINUTE);
          model.now = Date.parse(world.clock.now());
          for (const one of commands) {
            const due = world.stepOf(one);
            const id = due.told?.fingerprint;
            const known = id === undefined ? undefined : world.answers.get(id);
            const wasOpen = isOpen(world.calm.items(), due.step);
            const held = 'user' in due.step ? model.cards[due.step.user ?? '']?.license : undefined;

            const came = await world.run(due);

            const isToldAgain = known !== undefined && (known.serial === undefined || known.serial === held);
            const should = isToldAgain ? known.answer : happens(model, due.step, came.serial);
            expect(came.answer, JSON.stringify(due)).toBe(should);
            if (id !== undefined) world.answers.set(id, came);
            ends.push(due.step, world.clock.now());
            const items = world.calm.items();
            if (wasOpen && due.step.kind === 'activity' && !isToldAgain) expect(came.answer).toBe('continued');
            expect(ends.outlived(items)).toEqual([]);
            expect(openIn(items).toSorted(byUser), JSON.stringify(due)).toEqual(openInModel(model).toSorted(byUser));
            expect(violationsOf(items, '2026-03-02', 8 * HOUR)).toEqual([]);
          }
        }
      }),
      RUNS,
    );
  });

  it('have no license after their end, whatever runs concurrently, and no write leaves a contradiction', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(moment, { minLength: 1, maxLength: 8 }), fc.nat(), async (moments, seed) => {
        const nextTurn = seededTurns(seededRandom(seed));
        const calm = memoryTable();
        const broken: string[] = [];
        const checked: Table = {
          ...calm,
          write: async (writes) => {
            const answer = await calm.write(writes);
            if (answer.done) broken.push(...violationsOf(calm.items(), '2026-03-02', 8 * HOUR));
            return answer;
          },
        };
        const world = await aTenant(calm, (deps) => ({
          ...deps,
          table: interleavedTable(checked, nextTurn),
          clock: turnTakingClock(deps.clock, nextTurn),
        }));
        const ends = endsTold();
        for (const { minutes, commands } of moments) {
          world.clock.move(minutes * MINUTE);
          const due = commands.map(world.stepOf);
          for (const { step } of due) ends.push(step, world.clock.now());

          await Promise.all(due.map(world.run));

          expect(broken).toEqual([]);
          expect(ends.outlived(calm.items()), JSON.stringify(due)).toEqual([]);
        }
      }),
      RUNS,
    );
  });
});
