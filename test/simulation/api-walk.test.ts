import { describe, expect, it } from 'vitest';
import { MOST_BYTES } from '../../functions/admin-api/answer-request.ts';
import type { Caller } from '../../functions/admin-api/caller.ts';
import { decodeSegment, encodeSegment } from '../../functions/admin-api/path-segment.ts';
import { decodedAsAwsDoes } from '../../infra/local/http-api.ts';
import { defined } from '../../shared/licensing/defined.ts';
import { plus } from '../../shared/licensing/time.ts';
import { ROLES } from '../../shared/licensing/vocabulary.ts';
import { readLockKey } from '../../shared/store/keys.ts';
import { type ApiWorld, anApiWorld, contendedTable } from '../fakes/api-world.ts';
import { memoryTable } from '../fakes/memory-table.ts';
import { wrappedTable } from '../fakes/wrapped-table.ts';
import { type Answer, apiOn, type Call, OLGA } from '../functions/admin-api/api.ts';
import { checker, codesOf, DOCUMENT, type Operation, operationsOf } from '../functions/admin-api/described.ts';
import { type Given, SCENARIOS } from '../functions/admin-api/scenarios.ts';

const OPERATIONS = operationsOf(DOCUMENT).map((operation) => [operation.id, operation] as const);
const check = checker(DOCUMENT);
/** Operations with a body that change nothing of the tenant, so that they leave no entry. */
const WITHOUT_ENTRY = ['explain', 'previewImport'];

const has = ({ parameters }: Operation, name: string): boolean => parameters.some((one) => one.name === name);

/** The call as API Gateway hands it on: the path decoded. */
function callOf(operation: Operation, { path = {}, query = '', body, ifMatch }: Given): Call {
  const filled = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    name === 'tenant' ? 'acme' : (decodedAsAwsDoes(encodeSegment(path[name]!)) ?? ''),
  );
  return defined({
    method: operation.method,
    path: filled,
    query,
    headers: has(operation, 'If-Match') ? { 'if-match': ifMatch ?? '*' } : {},
    body,
  });
}

function callerFor({ description }: Operation): Caller {
  if (description.includes('`administrator`')) return OLGA;
  return { role: 'operator', actor: 'oscar' };
}

function expectDescribed(operation: Operation, answer: Answer): void {
  const type = String(answer.headers['content-type'] ?? '');
  const body = type.endsWith('json') ? answer.body : answer.text;
  expect(check(operation, { status: answer.status, type, body })).toBeUndefined();
}

const entriesIn = ({ table }: ApiWorld, kind = 'COMMAND#') => table.items().filter(({ pk }) => pk.startsWith(kind));

/** A world in which the scenario can begin, and its call. */
async function begin(operation: Operation, given: Given) {
  const world = await anApiWorld();
  await given.before?.(world);
  return { world, call: callOf(operation, await withImportId(world, given)) };
}

/** An import is named by the service. */
async function withImportId({ call }: ApiWorld, given: Given): Promise<Given> {
  if (given.path?.['importId'] !== 'import-of-new-file') return given;
  const { body } = await call({ method: 'GET', path: '/tenants/acme/imports' });
  const [first] = body['imports'] as { importId: string }[];
  return { ...given, path: { importId: first!.importId } };
}

describe.each(OPERATIONS)('%s', (id, operation) => {
  const { success, problems = {} } = SCENARIOS[id] ?? { success: {} };
  const caller = callerFor(operation);
  const codes = codesOf(operation);

  it('has a scenario', () => {
    expect(SCENARIOS).toHaveProperty(id);
  });

  it('answers as described, with the ETag of what has a version', async () => {
    const { world, call } = await begin(operation, success);

    const answer = await world.call(call, caller);

    expectDescribed(operation, answer);
    expect(answer.status).toBeLessThan(300);
    const { version } = answer.body;
    const tag = operation.method === 'GET' ? `"${version ?? ''}~` : version === undefined ? undefined : `"${version}"`;
    if (tag === undefined) expect(answer.headers).not.toHaveProperty('etag');
    else expect(answer.headers['etag']).toEqual(expect.stringContaining(tag));
  });

  it('writes exactly one entry for a change, with the name and the role of the token (R49)', async () => {
    const { world, call } = await begin(operation, success);
    const earlier = entriesIn(world);
    const keyed = has(operation, 'Idempotency-Key')
      ? { ...call, headers: { ...call.headers, 'idempotency-key': 'one' } }
      : call;

    await world.call(keyed, caller);
    const entries = entriesIn(world).slice(earlier.length);
    if (has(operation, 'Idempotency-Key')) await world.call(keyed, caller);

    const [actor] = entriesIn(world, 'ACTOR#').slice(earlier.length);
    const isChange = operation.method !== 'GET' && !WITHOUT_ENTRY.includes(id);
    expect(entries).toHaveLength(isChange ? 1 : 0);
    expect(entriesIn(world)).toHaveLength(earlier.length + entries.length);
    if (!isChange) return;
    expect(entries[0]).toMatchObject({ role: caller.role, outcome: 'done' });
    expect(entries[0]!['finishedAt']).toBeDefined();
    expect(actor).toMatchObject({ actor: caller.actor });
  });

  it('refuses a caller without a token, of another tenant or in another role, and reads nothing', async () => {
    const { world, call } = await begin(operation, success);
    const calls: string[] = [];
    const watched = wrappedTable(world.table, (name, made) => {
      calls.push(name);
      return made();
    });
    const api = apiOn({ ...world.deps, table: watched });
    const others = ROLES.filter((role) => !operation.description.includes(`\`${role}\``));
    const wrong: Caller[] = [
      ...(operation.path.includes('{tenant}') ? [{ ...OLGA, tenant: 'globex' } as Caller] : []),
      ...others.map((role): Caller => ({ role, tenant: 'acme', actor: 'x' })),
    ];

    const unknown = await api.call(call, 'unauthorized');
    const refused = await Promise.all(wrong.map((one) => api.call(call, one)));

    expect([unknown.status, unknown.headers['www-authenticate']]).toEqual([401, 'Bearer']);
    expect(new Set(refused.map(({ status, text }) => `${status} ${text}`)).size).toBe(Math.min(wrong.length, 1));
    // What a token lacks for any role is told: its bearer reads the token, and nothing of a tenant.
    const withoutRole = await api.call(call, 'forbidden');
    expect([...refused, withoutRole].map(({ status }) => status)).toEqual([...wrong.map(() => 403), 403]);
    for (const answer of [unknown, withoutRole, ...refused]) expectDescribed(operation, answer);
    expect(calls).toEqual([]);
  });

  it.each(codes.filter((code) => !['unauthorized', 'forbidden', 'in-progress'].includes(code)))(
    'answers %s',
    async (code) => {
      const given = problems[code] ?? success;
      const { world, call } = await begin(operation, given);
      const isOwn = problems[code] !== undefined;
      const answer = await (isOwn ? world.call(call, caller) : provoke(code, world, call, caller));

      expect(answer.body['code']).toBe(code);
      expectDescribed(operation, answer);
    },
  );

  if (has(operation, 'Idempotency-Key')) {
    it('runs a repeated request with the same key once, and refuses it while the first one runs', async () => {
      const { world, call } = await begin(operation, success);
      const keyed = { ...call, headers: { ...call.headers, 'idempotency-key': 'one' } };

      const [first, meanwhile] = await Promise.all([world.call(keyed, caller), world.call(keyed, caller)]);
      const after = JSON.stringify(world.table.items());
      const again = await world.call(keyed, caller);

      expect([first!.status < 300, meanwhile!.body['code']]).toEqual([true, 'in-progress']);
      expectDescribed(operation, meanwhile!);
      expect(again).toEqual(first);
      expect(JSON.stringify(world.table.items())).toBe(after);
    });
  }
});

/** What makes an operation of its kind answer with the problem. */
async function provoke(code: string, world: ApiWorld, call: Call, caller: Caller): Promise<Answer> {
  const text = call.body === undefined ? '{}' : JSON.stringify(call.body);
  const { 'if-match': _, ...headers } = call.headers ?? {};
  switch (code) {
    case 'invalid-request':
      return world.call({ ...call, query: 'nobody=knows' }, caller);
    case 'unknown-tenant':
      return apiOn({ ...world.deps, table: memoryTable(), readTenant: async () => undefined }).call(call, caller);
    case 'too-many-calls':
      return apiOn(world.deps, () => 1).call(call, caller);
    case 'busy': {
      const until = plus(world.clock.now(), 30_000);
      await world.table.write([{ put: { ...readLockKey('acme'), holder: 'somebody', until } }]);
      return world.call(call, caller);
    }
    case 'too-large':
      return world.call({ ...call, body: `"${'x'.repeat(MOST_BYTES)}"` }, caller);
    case 'unsupported-media-type':
      return world.call({ ...call, body: text, headers: { ...call.headers, 'content-type': 'text/plain' } }, caller);
    case 'precondition-required':
      return world.call({ ...call, headers }, caller);
    case 'stale-version':
      return world.call({ ...call, headers: { ...headers, 'if-match': '"999"' } }, caller);
    case 'idempotency-key-reused': {
      const key = { 'idempotency-key': 'one' };
      await world.call({ ...call, headers: { ...call.headers, ...key } }, caller);
      return world.call({ ...call, body: `${text} `, headers: { ...call.headers, ...key } }, caller);
    }
    case 'conflict':
      return apiOn({ ...world.deps, objects: world.objects, table: contendedTable(world.table) }).call(call, caller);
    default:
      throw new Error(`no scenario of ${code}`);
  }
}

describe('a path', () => {
  it.each(['', '.', '..', '~', '~x', 'a/b', 'a\\b', 'a?b', '100%', 'ä ö', 'a\nb', '𝒳', 'A1000001'])(
    'can contain any text: %j',
    (text) => {
      const part = decodedAsAwsDoes(encodeSegment(text)) ?? '';

      expect(part).not.toMatch(/^$|[/\\%]|^\.{1,2}$/);
      expect(decodeSegment(part)).toBe(text);
    },
  );
});

describe('a path without a route', () => {
  it.each([
    ['GET', '/tenants/acme/nothing', 404, 'not-found', undefined],
    ['GET', '/tenants/acme/licenses/a/b', 404, 'not-found', undefined],
    ['GET', '/tenant', 404, 'not-found', undefined],
    ['PATCH', '/tenants/acme/licenses/A', 405, 'method-not-allowed', 'DELETE, GET'],
  ])('%s %s is answered before authentication', async (method, path, status, code, allow) => {
    const { call } = await anApiWorld();

    const answer = await call({ method, path }, 'unauthorized');

    expect([answer.status, answer.body['code'], answer.headers['allow']]).toEqual([status, code, allow]);
  });
});
