import { describe, expect, it } from 'vitest';
import { DAY } from '../../../shared/licensing/time.ts';
import { anApiWorld, contendedTable } from '../../fakes/api-world.ts';
import { ProcessDied } from '../../fakes/wrapped-table.ts';
import { apiOn, OLGA } from './api.ts';

const path = '/tenants/acme/licenses/FREE';
const assign = (user: string, headers: Record<string, string>) =>
  ({ method: 'POST', path: `${path}/assign`, headers, body: { user } }) as const;
const keyed = assign('ada', { 'if-match': '*', 'idempotency-key': 'one' });

describe('of two editors', () => {
  it('the second is refused, with the present version (F50)', async () => {
    const { call } = await anApiWorld();
    const { headers } = await call({ method: 'GET', path });
    const seen = { 'if-match': String(headers['etag']) };

    const first = await call(assign('ada', seen));
    const second = await call(assign('bob', seen));

    expect([first.status, first.headers['etag']]).toEqual([200, '"2"']);
    expect([second.status, second.body]).toMatchObject([412, { code: 'stale-version', version: 2 }]);
  });

  it.each([['W/"1"'], ['1'], ['"1", "2"']])('a version such as %s is refused', async (tag) => {
    const { call } = await anApiWorld();

    const answer = await call(assign('ada', { 'if-match': tag }));

    expect([answer.status, answer.body['faults']]).toEqual([
      400,
      [{ place: 'If-Match', text: 'must be one ETag of an answer, such as "7", or *' }],
    ]);
  });

  it('a card that somebody else has created is not created again: version 0 means that there is no card', async () => {
    const { call } = await anApiWorld();
    const put = {
      method: 'PUT',
      path: '/tenants/acme/user-cards/eve',
      headers: { 'if-match': '"0"' },
      body: { folder: '' },
    };

    const answers = [await call(put), await call(put)];

    expect(answers.map(({ status }) => status)).toEqual([200, 412]);
  });
});

describe('a request with an Idempotency-Key', () => {
  it('is refused without a key, or with an invalid key', async () => {
    const { call } = await anApiWorld();

    const answers = await Promise.all(
      ['', 'a b', 'x'.repeat(256)].map((key) => call(assign('ada', { 'if-match': '*', 'idempotency-key': key }))),
    );

    expect(answers.map(({ status, body }) => [status, body['code']])).toEqual(
      Array.from({ length: 3 }, () => [400, 'invalid-request']),
    );
  });

  it('stores a refusal as well, for a day', async () => {
    const { call, clock } = await anApiWorld();
    const nobody = assign('nobody', { 'if-match': '*', 'idempotency-key': 'one' });
    const put = {
      method: 'PUT',
      path: '/tenants/acme/user-cards/nobody',
      headers: { 'if-match': '*' },
      body: { folder: '' },
    };

    const first = await call(nobody);
    await call(put);
    const again = await call(nobody);
    clock.move(DAY);
    const nextDay = await call(nobody);

    expect([first.body['code'], nextDay.status]).toEqual(['unknown-user', 200]);
    expect(again).toEqual(first);
  });

  it('does not get the answer of another caller who sent the same key', async () => {
    const { call } = await anApiWorld();

    const first = await call(keyed);
    const other = await call(assign('bob', { ...keyed.headers }), { ...OLGA, actor: 'oskar' } as typeof OLGA);

    expect([first.body['assignedTo'], other.body['assignedTo']]).toEqual(['ada', 'bob']);
  });

  it('runs again when the process died in between, but not while it may still run', async () => {
    const world = await anApiWorld();
    const { table, clock } = world;
    let isAlive = true;
    const dying = {
      ...table,
      write: async (writes: Parameters<typeof table.write>[0]) => {
        if (!isAlive) throw new ProcessDied('dead');
        const answer = await table.write(writes);
        isAlive = JSON.stringify(writes).includes('IDEMPOTENCY#');
        return answer;
      },
    };

    await expect(apiOn({ ...world.deps, table: dying }).call(keyed)).rejects.toThrow(ProcessDied);
    const atOnce = await world.call(keyed);
    clock.move(30_000);
    const later = await world.call(keyed);
    const again = await world.call(keyed);

    expect([atOnce.status, atOnce.headers['retry-after']]).toEqual([409, '5']);
    expect([later.status, later.body['assignedTo'], later.body['version']]).toEqual([200, 'ada', 2]);
    expect(again).toEqual(later);
  });

  it('is taken over by only one of two calls after the process died', async () => {
    const world = await anApiWorld();
    const failing = { ...world.deps, readTenant: () => new Promise<never>(() => {}) };
    void apiOn(failing).call(keyed);
    await new Promise((resolve) => setImmediate(resolve));
    world.clock.move(30_000);

    const answers = await Promise.all([world.call(keyed), world.call(keyed)]);

    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
  });

  it.each([
    ['fails', (): never => expect.fail('the table does not answer')],
    ['is refused', () => undefined],
  ])('keeps the answer of the call that took over, when the first one %s at last', async (_how, end) => {
    const world = await anApiWorld();
    let goOn = (): void => {};
    const held = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const slow = { ...world.deps, readTenant: () => held.then(end) };
    const first = apiOn(slow)
      .call(keyed)
      .catch(() => undefined);
    await new Promise((resolve) => setImmediate(resolve));
    world.clock.move(30_000);

    const second = await world.call(keyed);
    const kept = world.table.items().filter(({ pk }) => pk.includes('IDEMPOTENCY#'));
    goOn();
    await first;

    expect(second.status).toBe(200);
    expect(kept).toHaveLength(1);
    expect(world.table.items().filter(({ pk }) => pk.includes('IDEMPOTENCY#'))).toEqual(kept);
  });

  it('may be retried at once after a failure or an answer that asks for a retry', async () => {
    const world = await anApiWorld();
    const failing = {
      ...world.deps,
      readTenant: async () => {
        throw new Error('the table does not answer');
      },
    };

    await expect(apiOn(failing).call(keyed)).rejects.toThrow('the table does not answer');
    const conflict = await apiOn({ ...world.deps, table: contendedTable(world.table) }).call(keyed);
    const done = await world.call(keyed);

    expect([conflict.body['code'], done.status]).toEqual(['conflict', 200]);
  });

  it('gets the same answer again, also one that is larger than an item of the table', async () => {
    const world = await anApiWorld();
    // Random names, so that they do not get small when they are packed.
    const name = (index: number) =>
      Array.from({ length: 190 }, (_, at) =>
        String.fromCharCode(33 + ((index * 7919 + at * at * 31 + index * at) % 90)),
      ).join('');
    const licenses = Array.from({ length: 1_000 }, (_, index) => ({
      serialNumber: `${index}${name(index * 104_729)}`,
    }));
    const change = { change: { action: 'release' }, licenses };
    const big = {
      method: 'POST',
      path: '/tenants/acme/license-changes',
      body: change,
      headers: { 'idempotency-key': 'big' },
    };

    const first = await world.call(big);
    const again = await world.call(big);

    const sizes = world.table.items().map((item) => JSON.stringify(item).length);
    expect(first.text.length).toBeGreaterThan(400_000);
    expect(Math.max(...sizes)).toBeLessThan(400_000);
    expect(again).toEqual(first);
  });
});

describe('a cursor', () => {
  const list = (query: string, of = 'licenses') => ({ method: 'GET', path: `/tenants/acme/${of}`, query });

  it('continues its own list, also with another page size', async () => {
    const { call } = await anApiWorld();

    const first = await call(list('limit=3&sortBy=serialNumber'));
    const second = await call(list(`sortBy=serialNumber&limit=900&cursor=${first.body['cursor']}`));

    const serials = [first, second].flatMap(({ body }) =>
      (body['licenses'] as { serialNumber: string }[]).map((one) => one.serialNumber),
    );
    expect(serials).toEqual(['A/1%', 'ASSIGNED', 'B1', 'FLOATING', 'FREE', 'HELD', 'SET-ASIDE', 'USED']);
    expect(second.body).not.toHaveProperty('cursor');
  });

  it('is refused in another list, with another filter, or when it is made up', async () => {
    const { call } = await anApiWorld();
    const { body } = await call(list('limit=3'));
    const cursor = String(body['cursor']);
    const [mark = '', inner = ''] = cursor.split('.');
    const position = JSON.parse(Buffer.from(inner, 'base64url').toString()) as { after: object };
    const made = (after: object) =>
      `${mark}.${Buffer.from(JSON.stringify({ ...position, after: { ...position.after, ...after } })).toString('base64url')}`;

    const answers = await Promise.all([
      call(list(`cursor=${cursor}`, 'user-cards')),
      call(list(`limit=3&state=free&cursor=${cursor}`)),
      call(list(`limit=3&cursor=${mark}.`)),
      call(list(`limit=3&cursor=${inner}`)),
      call(list(`limit=3&cursor=${made({ tenantKey: 'L#globex' })}`)),
      call(list(`limit=3&cursor=${made({ other: 'x' })}`)),
      call(list(`limit=3&cursor=${made({ pk: '\ud800' })}`)),
      call(list(`limit=3&cursor=${made({ tenantSort: 'x\udc00' })}`)),
    ]);

    expect(answers.map(({ status, body: problem }) => [status, problem['code']])).toEqual(
      answers.map(() => [400, 'invalid-request']),
    );
  });
});

describe('an invalid request', () => {
  it.each([
    ['a parameter twice', { query: 'limit=1&limit=2' }, 'limit'],
    ['a number that is none', { query: 'limit=ten' }, 'limit'],
    ['no number of licenses', { query: 'limit=1001' }, 'limit'],
    ['a day that is none', { query: 'expiringBefore=2026-02-30' }, 'expiringBefore'],
    ['an actor of one’s own', { query: 'actor=root' }, 'actor'],
  ])('names the place: %s', async (_what, given, place) => {
    const { call } = await anApiWorld();

    const answer = await call({ method: 'GET', path: '/tenants/acme/licenses', ...given });

    expect([answer.status, answer.body['faults']]).toMatchObject([400, [{ place }]]);
  });

  it.each([
    ['no JSON', '{"user":', 'body'],
    ['a list', '[]', 'body'],
    ['half a pair of surrogates', '{"user":"\\ud800"}', 'body'],
    ['another tenant', '{"user":"ada","tenant":"globex"}', 'body'],
    ['nothing', '', 'user'],
  ])('names the place of a body: %s', async (_what, body, place) => {
    const { call } = await anApiWorld();

    const answer = await call({ method: 'POST', path: `${path}/assign`, headers: { 'if-match': '*' }, body });

    expect([answer.status, answer.body['faults']]).toMatchObject([400, [{ place }]]);
  });
});

it('a call is logged with its route and status, and without personal data', async () => {
  const { call, logged } = await anApiWorld();

  await call({ method: 'GET', path: '/tenants/acme/user-cards/ada' });

  expect(logged.at(-1)).toEqual(['api-answered', { route: 'get-user-card', status: 200 }]);
});
