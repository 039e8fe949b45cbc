import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { recordHistory } from '../../functions/record-history/record-history.ts';
import { importUpload } from '../../shared/imports/import-upload.ts';
import { readReport } from '../../shared/imports/read-report.ts';
import { DAY, MINUTE } from '../../shared/licensing/time.ts';
import type { Item } from '../../shared/platform/ports/table.ts';
import { asAdministrator } from '../fakes/command-world.ts';
import { aHookWorld } from '../fakes/hook-world.ts';
import { licenseXml } from '../fakes/license-file.ts';
import { memoryObjects } from '../fakes/memory-objects.ts';
import { streamedTable } from '../fakes/streamed-table.ts';
import { aLicense, aUserCard, keyedHash } from '../fakes/world.ts';
import { settingsOf } from '../sign-in/providers/samples.ts';
import { apiOn } from './admin-api/api.ts';

/** Nothing else in the world has these in it. */
const MARKS = /MARKUSER|MARKNAME|MARKSESSION/;
const USER = 'MARKUSER';
const MARK = { role: 'administrator', tenant: 'acme', actor: USER } as const;

/** The text of an item, with what is packed in it. */
function openedText(item: Item): string {
  const texts = JSON.stringify(item);
  const packed = [item['body'], item['text'], (item['answer'] as { body?: unknown } | undefined)?.body];
  const opened = packed.flatMap((text) => (typeof text === 'string' ? [opened64(text)] : []));
  return [texts, ...opened].join('\n');
}

function opened64(text: string): string {
  const bytes = Buffer.from(text, 'base64');
  return bytes.subarray(0, 2).equals(Buffer.from([0x1f, 0x8b])) ? gunzipSync(bytes).toString() : bytes.toString();
}

/** A user who is an administrator as well lives a whole life, in everything that the service keeps, and is removed. */
async function aLife() {
  const table = streamedTable();
  const world = await aHookWorld({
    table,
    licenses: [
      aLicense({ serialNumber: 'D1', type: 'dedicated' }),
      aLicense({ serialNumber: 'D2', type: 'dedicated' }),
    ],
    cards: [aUserCard({ user: 'bob' }), aUserCard({ user: 'cyd' })],
  });
  const { clock, deps } = world;
  const objects = memoryObjects();
  const api = apiOn({ ...deps, objects });
  const call = async (method: string, path: string, body: unknown, caller = api.caller) => {
    clock.move(1_000);
    const answer = await api.call(
      { method, path: `/tenants/acme${path}`, headers: { 'if-match': '*' }, ...(body ? { body } : {}) },
      caller,
    );
    expect(answer.status, `${method} ${path}: ${answer.text}`).toBeLessThan(300);
    return answer;
  };
  const tell = async (type: string, data: object) => {
    clock.move(1_000);
    return world.tell(`${type} ${clock.now()}`, type, { user: USER, ...data });
  };
  const record = () => recordHistory({ table, clock, keyedHash, log: () => {} }, [...table.records]);

  // As a user: denied, at work in two sessions, with a license of their own.
  await world.configure('standard-webhooks', {
    tenants: ['standard-webhooks:acme'],
    secret: settingsOf('standard-webhooks')['secret'],
  });
  await call('PUT', `/user-cards/${USER}`, { folder: '', name: 'MARKNAME', level: 'no-access' });
  await tell('session.login', { session: 'MARKSESSION0', claims: { name: 'MARKNAME' } });
  await call('PUT', `/user-cards/${USER}`, { folder: '', level: 'normal' });
  await tell('session.login', { session: 'MARKSESSION1' });
  await tell('session.login', { session: 'MARKSESSION2' });
  await tell('session.logout', { session: 'MARKSESSION1' });
  await call('POST', '/licenses/D2/assign', { user: USER });
  await call('POST', `/user-cards/${USER}/disconnect`, { session: 'MARKSESSION2' });
  await call('POST', '/license-changes', { change: { action: 'release' }, filter: { user: USER } });
  // As an administrator: settings, a hook, a webhook, cards, licenses, a pasted file.
  await call('PATCH', '', { cleanupHour: 5 }, MARK);
  await call('PUT', '/webhook', { url: 'https://hooks.example.com/', secret: ['file:webhook'] }, MARK);
  await call('PUT', '/hooks/okta', { tenants: ['okta:a.okta.com'], authorization: ['file:okta'] }, MARK);
  await call('PUT', '/user-cards/bob', { folder: 'Sales' }, MARK);
  await call('POST', '/licenses/D2/assign', { user: 'cyd' }, MARK);
  const xml = licenseXml({ licenses: [{ serialNumber: 'N1' }] });
  const { key } = (await call('POST', '/pasted-files', { xml }, MARK)).body as { key: string };
  const imports = { ...deps, objects, keyedHash, log: () => {} };
  const { importId } = await importUpload(imports, { tenant: 'acme', key });

  await call('DELETE', `/user-cards/${USER}`, undefined);
  await record();
  clock.move(60 * MINUTE);
  const erase = async () => (await call('POST', `/user-cards/${USER}/erase`, undefined)).body as { pseudonym: string };
  const left = () => table.items().filter((item) => MARKS.test(openedText(item)));
  return { ...world, table, call, erase, record, left, importId, key, objects, imports };
}

const kindsOf = (items: readonly Item[]) => [...new Set(items.map(({ pk }) => pk.split('#')[0]!))].toSorted();

describe('an erased person', () => {
  it('has no name in the table, except in items that expire', async () => {
    const { erase, record, left, table } = await aLife();
    expect(kindsOf(left().filter(({ ttl }) => ttl === undefined))).toEqual(
      expect.arrayContaining(['HOOK', 'L', 'NAME', 'P', 'T', 'U', 'WEBHOOK']),
    );

    await erase();
    // The stream tells again what it has told.
    await record();

    const lasting = left().filter(({ ttl }) => ttl === undefined);
    expect(lasting.map((item) => openedText(item))).toEqual([]);
    // Who gave a command, for 400 days, and the answers of requests, for a day.
    expect(kindsOf(left())).toEqual(['ACTOR', 'IDEMPOTENCY']);
    expect(table.items().filter(({ pk }) => pk.startsWith('COMMAND#')).length).toBeGreaterThan(10);
  });

  it('has one pseudonym as user, in commands, as uploader and in settings', async () => {
    const { erase, table, importId, clock, ask } = await aLife();
    expect(await readReport(table, 'acme', { importId })).toMatchObject({ uploadedBy: USER });

    const { pseudonym } = await erase();

    expect(await readReport(table, 'acme', { importId })).toMatchObject({ uploadedBy: pseudonym });
    expect(await ask('list-imports')).toMatchObject({ imports: [{ uploadedBy: pseudonym }] });
    expect(table.peek({ pk: 'T#acme', sk: 'TENANT' })).toMatchObject({ change: { actor: pseudonym } });
    const listed = async () => JSON.stringify(await ask('list-commands'));
    expect(await listed()).toContain(`"actor":"${USER}"`);
    expect(await listed()).toContain(`"user":"${pseudonym}"`);
    clock.move(400 * DAY);
    expect(await listed()).not.toMatch(MARKS);
  });

  it('is removed from their latest changes too, once the history is complete', async () => {
    const { erase, record, call, table } = await aLife();
    await call('POST', '/licenses/D1/assign', { user: 'bob' }, MARK);
    const changed = () => table.peek({ pk: 'L#acme#D1', sk: 'LICENSE' })?.['change'];

    const { pseudonym } = await erase();
    expect(changed()).toMatchObject({ actor: USER });
    await record();
    await erase();

    expect(changed()).toMatchObject({ actor: pseudonym });
  });

  it('is not named by an import that begins after the erasure, or that runs during it', async () => {
    const { erase, key, objects, imports, table, left } = await aLife();
    const found = await objects.head({ key });
    // The same bytes wait under another key, uploaded before the erasure.
    const waiting = objects.upload('tenants/acme/renewals/w.xml', Buffer.from(licenseXml()), found!.metadata);
    const slow = {
      ...imports,
      table: {
        ...table,
        write: async (writes: Parameters<typeof table.write>[0]) => {
          if (JSON.stringify(writes).includes('"running"')) await erase();
          return table.write(writes);
        },
      },
    };

    await importUpload(slow, { ...waiting, tenant: 'acme' });
    await importUpload(imports, { ...waiting, tenant: 'acme', heldBackFor: 'r9' });

    const lasting = left().filter(({ ttl }) => ttl === undefined);
    expect(lasting).toEqual([]);
    expect(kindsOf(table.items())).toContain('I');
  });

  it('cannot be found by a guessed name without the key of the stage', async () => {
    const { erase, table } = await aLife();
    const { pseudonym } = await erase();
    const { createHash } = await import('node:crypto');
    const guesses = [`acme\n${USER}`, JSON.stringify(['acme', USER]), JSON.stringify(['erased', 'acme', USER]), USER];
    const digests = guesses.flatMap((text) =>
      (['hex', 'base64url'] as const).map((as) => createHash('sha256').update(text).digest(as)),
    );

    const marks = JSON.stringify(table.items().filter(({ ttl }) => ttl === undefined));

    expect(marks).toContain(pseudonym);
    for (const digest of digests) expect(marks).not.toContain(digest);
  });

  it('cannot erase themselves over HTTP, and keeps the name in what they did', async () => {
    const world = await aLife();
    const { call } = apiOn(world.deps);

    const answer = await call({ method: 'POST', path: `/tenants/acme/user-cards/${USER}/erase` }, MARK);

    expect([answer.status, answer.body['code']]).toEqual([409, 'own-erasure']);
    expect(JSON.stringify(await asAdministrator(world.deps).ask('list-commands'))).toContain(`"actor":"${USER}"`);
  });
});
