import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import type { Item } from '../../shared/platform/ports/table.ts';

/*
 * What must be true of a tenant's items at every moment (I1–I4 of any run), written down from the handbook's words and
 * from raw attributes: it shares no code with the service, so that the two can disagree.
 */

type Facts = Readonly<Record<string, string | undefined>>;

type Card = {
  readonly tenant: string;
  readonly user: string;
  readonly folderId: string;
  readonly sessions: Readonly<Record<string, Facts>>;
  readonly assigned: Readonly<Record<string, Facts>>;
  readonly current?: Facts;
  readonly idleKey?: string;
  readonly idleSort?: string;
};

/** Every way in which the items contradict one another, as texts for people. `today`: the tenant's day. */
export function violationsOf(items: readonly Item[], today: string, idleTimeout?: number): readonly string[] {
  const licenses = items.filter(({ sk }) => sk === 'LICENSE') as readonly Item[] as readonly Facts[];
  const cards = items.filter(
    (item) => item.sk === 'CARD' && 'folderId' in item,
  ) as readonly unknown[] as readonly Card[];
  const vacancies = items.filter(({ pk }) => pk.startsWith('V#')) as readonly Item[] as readonly Facts[];
  const vacanciesOf = Map.groupBy(vacancies, ({ serialNumber }) => serialNumber);
  const serialNumbers = new Set(licenses.map(({ serialNumber }) => serialNumber));
  const cardOf = new Map(cards.map((card) => [nameIn(card.tenant, card.user), card]));
  const inUseBy = Map.groupBy(licenses, (one) => nameIn(one['tenant'], one['currentUser']));
  const assignedTo = Map.groupBy(licenses, (one) => nameIn(one['tenant'], one['assignedTo']));
  const found: string[] = [];
  const demand = (fact: boolean, text: string): void => {
    if (!fact) found.push(text);
  };

  for (const license of licenses) {
    const name = `license ${license['serialNumber']}`;
    const own = vacanciesOf.get(license['serialNumber']) ?? [];
    const expired = license['expiresOn'] !== undefined && license['expiresOn'] < today;
    if (!canBeTaken(license)) demand(own.length === 0, `${name} has a vacancy and cannot be taken`);
    else if (!expired) demand(own.length === 1, `${name} is free and has ${own.length} vacancies`);
    else demand(own.length <= 1, `${name} has ${own.length} vacancies`);
    for (const vacancy of own) {
      const prefix = `${license['access'] === 'write' ? 'w' : 'r'}${license['type'] === 'floating' ? '1' : '2'}#`;
      demand(vacancy['pk'] === `V#${license['tenant']}#${license['folderId']}`, `${name}: vacancy in another folder`);
      demand(vacancy['sk']?.startsWith(prefix) === true, `${name}: vacancy of another class`);
      demand(vacancy['sk']?.endsWith(`#${license['serialNumber']}`) === true, `${name}: vacancy under another name`);
      for (const fact of ['type', 'access', 'folderId', 'validFrom', 'expiresOn']) {
        demand(vacancy[fact] === license[fact], `${name}: vacancy with another ${fact}`);
      }
    }

    const { currentUser, assignedTo: owner } = license;
    demand((currentUser === undefined) === (license['since'] === undefined), `${name}: since without user`);
    demand(!(license['releasing'] && currentUser === undefined), `${name} is releasing and not in use`);
    demand(!(license['releasing'] && owner !== undefined), `${name} is releasing and assigned`);
    demand(!(owner !== undefined && license['type'] !== 'dedicated'), `${name} is floating and assigned`);
    demand(!(license['heldBackFor'] && (currentUser || owner)), `${name} is held back and somebody has it`);
    demand(!(license['deletedAt'] && (currentUser || owner)), `${name} is deleted and somebody has it`);
    demand(
      license['deletedAt'] !== undefined || (license['folderId'] === 'zOld') === (license['setAsideOn'] !== undefined),
      `${name}: zOld and the day of it do not fit`,
    );
    demand(license['change'] !== undefined, `${name} was changed by nobody`);
    for (const [role, user] of [
      ['is in use by', currentUser],
      ['is assigned to', owner],
    ]) {
      if (user === undefined) continue;
      const card = cardOf.get(nameIn(license['tenant'], user));
      const isCurrent = card?.current?.['serialNumber'] === license['serialNumber'];
      const current = isCurrent ? card?.current : undefined;
      const note = role === 'is in use by' ? current : card?.assigned[`${license['serialNumber']}`];
      demand(note !== undefined, `${name} ${role} ${user}, whose card does not say so`);
      if (note === undefined) continue;
      for (const fact of ['type', 'access', 'modules', 'validFrom', 'expiresOn', 'folderId']) {
        demand(note[fact] === license[fact], `the card of ${user} notes another ${fact} of ${name}`);
      }
      if (role === 'is in use by') {
        demand(
          note['releasing'] === license['releasing'],
          `the card of ${user} does not know whether ${name} is releasing`,
        );
      }
    }
  }

  for (const vacancy of vacancies) {
    demand(serialNumbers.has(vacancy['serialNumber']), `a vacancy of no license: ${vacancy['serialNumber']}`);
  }

  for (const card of cards) {
    const name = `card ${card.user}`;
    const sessions = Object.values(card.sessions);
    const holds = inUseBy.get(nameIn(card.tenant, card.user)) ?? [];
    demand(holds.length <= 1, `${name} works on ${holds.length} licenses`);
    demand(
      card.current === undefined || holds.some((one) => one['serialNumber'] === card.current?.['serialNumber']),
      `${name} names a current license that is not in use by it`,
    );
    demand((card.current !== undefined) === sessions.length > 0, `${name}: ${sessions.length} sessions, no license`);
    const assigned = assignedTo.get(nameIn(card.tenant, card.user)) ?? [];
    demand(
      isDeepStrictEqual(
        Object.keys(card.assigned).toSorted(),
        assigned.map(({ serialNumber }) => serialNumber).toSorted(),
      ),
      `${name}: its assigned licenses are not those assigned to it`,
    );
    demand(card.folderId !== 'zOld', `${name} is in zOld`);
    demand((card.idleKey !== undefined) === sessions.length > 0, `${name}: idle deadline without sessions`);
    if (sessions.length > 0 && idleTimeout !== undefined) {
      const first = Math.min(...sessions.map(({ lastSeen }) => Date.parse(`${lastSeen}`)));
      const deadline = Date.parse(`${card.idleSort}`.slice(0, 24));
      demand(deadline <= first + idleTimeout, `${name}: the idle deadline is later than its first idle session`);
    }
  }
  return found;
}

function nameIn(tenant: string | undefined, name: string | undefined): string {
  return `${tenant}\n${name}`;
}

export function expectInvariants(items: readonly Item[], today = '2026-03-02', idleTimeout = 8 * 3_600_000): void {
  expect(violationsOf(items, today, idleTimeout)).toEqual([]);
}

function canBeTaken(license: Facts): boolean {
  return (
    license['modules'] === 'all' &&
    (license['type'] === 'floating' || license['access'] === 'write') &&
    ['assignedTo', 'currentUser', 'heldBackFor', 'deletedAt'].every((fact) => license[fact] === undefined) &&
    license['folderId'] !== 'zOld'
  );
}
