import { gunzipSync } from 'node:zlib';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { answerCalendar, keptCounts } from '../../../functions/calendar-feed/answer-calendar.ts';
import { MAX_WRITES } from '../../../shared/platform/ports/table.ts';
import { licenseItem } from '../../../shared/store/items.ts';
import { type ApiWorld, anApiWorld } from '../../fakes/api-world.ts';
import { countingTable } from '../../fakes/counting-table.ts';
import { aLicense } from '../../fakes/world.ts';

const feedsPath = '/tenants/acme/calendar-feeds';

async function aFeedWorld() {
  const world = await anApiWorld();
  const created = await world.call({ method: 'POST', path: feedsPath, headers: { 'idempotency-key': 'one' } });
  const { address, feedId } = created.body as { address: string; feedId: string };
  return { ...world, created, address, feedId, file: address.split('/').at(-1)! };
}

function reader({ deps, clock }: ApiWorld, table = deps.table) {
  const logged: unknown[][] = [];
  const log = (...line: unknown[]) => void logged.push(line);
  const parts = { ...deps, table, clock, log };
  const counted = { ...parts, countLastDays: keptCounts(parts) };
  const read = async (file: string, headers = {}) =>
    answerCalendar(counted, {
      rawPath: `/calendars/${file}`,
      pathParameters: { file },
      headers,
      requestContext: { http: { method: 'GET' } },
    } as unknown as APIGatewayProxyEventV2);
  return { read, logged };
}

describe('a calendar feed', () => {
  it('is read under its address, without a token', async () => {
    const world = await aFeedWorld();

    const answer = await reader(world).read(world.file);

    expect(world.address).toMatch(/^\/calendars\/acme\.[a-z0-9]{12}\.[0-9a-f]{64}\.ics$/);
    expect(answer).toMatchObject({
      statusCode: 200,
      headers: { 'content-type': 'text/calendar; charset=utf-8', 'x-content-type-options': 'nosniff' },
    });
    expect(answer.body).toContain('DTSTART;VALUE=DATE:20270114');
  });

  it('names no user and no license', async () => {
    const world = await aFeedWorld();

    const { body = '' } = await reader(world).read(world.file);

    for (const name of ['ada', 'bob', 'cyd', 'dan', 'ASSIGNED', 'FLOATING', 'USED']) expect(body).not.toContain(name);
  });

  it('answers 304 as long as nothing has changed', async () => {
    const world = await aFeedWorld();
    const { read } = reader(world);
    const first = await read(world.file);
    const headers = { 'if-none-match': first.headers?.['etag'] };

    expect(await read(world.file, headers)).toMatchObject({ statusCode: 304 });
    await world.call({ method: 'DELETE', path: '/tenants/acme/licenses/FREE', headers: { 'if-match': '*' } });
    world.clock.move(1_000);
    expect(await read(world.file, headers)).toMatchObject({ statusCode: 200 });
  });

  it('is revoked at once', async () => {
    const world = await aFeedWorld();
    const { read } = reader(world);
    await read(world.file);

    await world.call({ method: 'DELETE', path: `${feedsPath}/${world.feedId}` });

    expect(await read(world.file)).toMatchObject({ statusCode: 404 });
  });

  it.each([
    ['another secret', (file: string) => file.replace(/[0-9a-f]{64}/, '0'.repeat(64))],
    ['another feed', (file: string) => file.replace(/\.[a-z0-9]{12}\./, '.aaaaaaaaaaaa.')],
    ['another tenant', (file: string) => file.replace('acme', 'globex')],
    ['the hash in place of the secret', () => ''],
    ['anything else', () => 'calendar.ics'],
  ])('is not given out for %s', async (_, change) => {
    const world = await aFeedWorld();
    const hash = world.table.items().find(({ pk }) => pk === 'CALENDAR#acme')?.['secretHash'];
    const file = change(world.file) || world.file.replace(/[0-9a-f]{64}/, String(hash));

    expect(await reader(world).read(file)).toMatchObject({ statusCode: 404, body: expect.any(String) });
  });

  it('keeps its secret nowhere: not in the table, not in the log', async () => {
    const world = await aFeedWorld();
    const { read, logged } = reader(world);
    await read(world.file);
    await read(world.file.replace('acme', 'globex'));
    const [secret = ''] = /[0-9a-f]{64}/.exec(world.file) ?? [];

    // The answer that is kept for the idempotency key is compressed, so it is read back without the key of the stage.
    expect(JSON.stringify(world.table.items())).not.toContain(secret);
    expect(unpacked(world)).not.toContain(secret);
    expect(unpacked(world)).toContain(world.feedId);
    expect(JSON.stringify([...world.logged, ...logged])).not.toContain(secret);
  });

  it('shows its address again to the same request, and to no other one', async () => {
    const world = await aFeedWorld();

    const again = await world.call({ method: 'POST', path: feedsPath, headers: { 'idempotency-key': 'one' } });
    const list = await world.call({ method: 'GET', path: feedsPath });

    expect(again).toEqual(world.created);
    expect(list.body).toEqual({ feeds: [{ feedId: world.feedId, createdAt: expect.any(String) }] });
  });

  it('reads the table once for polls without pause', async () => {
    const world = await aFeedWorld();
    const { table, counts } = countingTable(world.table);
    const licenses = Array.from({ length: 1_000 }, (_, index) => aLicense({ serialNumber: `M${index}` }));
    for (let start = 0; start < licenses.length; start += MAX_WRITES) {
      await world.table.write(licenses.slice(start, start + MAX_WRITES).map((one) => ({ put: licenseItem(one) })));
    }
    const { read } = reader(world, table);
    await read(world.file);
    const first = counts.calls;

    for (let poll = 0; poll < 10; poll += 1) await read(world.file);

    // Each poll reads its feed; the tenant is read without a cache here, and from one in the function.
    expect(counts.calls - first).toBe(10);
  });
});

/** The stored answers, as text. */
function unpacked({ table }: ApiWorld): string {
  const stored = table.items().filter(({ pk }) => pk.startsWith('IDEMPOTENCY#'));
  return stored.map(({ answer }) => gunzipSync(Buffer.from((answer as { body: string }).body, 'base64'))).join('\n');
}
