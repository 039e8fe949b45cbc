import { describe, expect, it } from 'vitest';
import { recordHistory } from '../../../functions/record-history/record-history.ts';
import { importUpload } from '../../../shared/imports/import-upload.ts';
import { defined } from '../../../shared/licensing/defined.ts';
import { plus } from '../../../shared/licensing/time.ts';
import { licenseItem, vacancyItem } from '../../../shared/store/items.ts';
import { expectInvariants } from '../../fakes/invariants.ts';
import { licenseZip } from '../../fakes/license-file.ts';
import { memoryObjects } from '../../fakes/memory-objects.ts';
import { streamedTable } from '../../fakes/streamed-table.ts';
import { aLicense, aWorld, keyedHash } from '../../fakes/world.ts';
import { apiOn, type Call } from './api.ts';

/** Names that every object has, or that stand for its prototype. A license file may hold the first few. */
const SERIALS = ['constructor', 'toString', 'hasOwnProperty', 'valueOf', 'isPrototypeOf', 'length', 'every', 'D1'];
const INHERITED = [...SERIALS, '__proto__', '__defineGetter__', '~__proto__'];
/** And what a key of the table, or of a card's sessions, could be taken apart at. */
const NAMES = [...INHERITED, 'a#b', '#', 's:x', '*', "' or 1=1", '{"$ne":1}', '../../x'];

const encodeSegment = (name: string) => `~${Buffer.from(name).toString('base64url')}`;

/** A tenant whose dedicated licenses, all imported from one file, are called as the names say. */
async function aTenantOf(serialNumbers: readonly string[]) {
  const table = streamedTable();
  const world = await aWorld({ table });
  const objects = memoryObjects();
  const licenses = serialNumbers.map((serialNumber) => ({
    serialNumber,
    type: 'Dedicated',
    modules: 'All modules',
  }));
  const upload = objects.upload('tenants/acme/uploads/names.zip', await licenseZip({ licenses }));
  const report = await importUpload(
    { ...world.deps, objects, keyedHash, log: () => {} },
    { ...upload, tenant: 'acme' },
  );
  const api = apiOn({ ...world.deps, objects });
  const ask = async (method: string, path: string, body?: unknown) => {
    const headers = method === 'GET' ? {} : { 'if-match': '*' };
    const call: Call = defined({ method, path: `/tenants/acme${path}`, headers, body });
    const answer = await api.call(call);
    expect(answer.status, `${method} ${path}: ${answer.text}`).toBeLessThan(300);
    return answer;
  };
  const historyOf = async (path: string) => {
    await recordHistory({ ...world.deps, table, keyedHash, log: () => {} }, table.records.splice(0));
    return (await ask('GET', path)).body['entries'] as readonly Record<string, unknown>[];
  };
  const expectSound = async () => {
    expect((await ask('GET', '/audit')).body).toMatchObject({ violations: [] });
    expectInvariants(table.items());
  };
  return { ...world, table, report, ask, historyOf, expectSound, refuse: api.call };
}

describe('serial numbers are data', () => {
  it.each(SERIALS)('%s is imported, lent, assigned, released, exported and reported', async (serialNumber) => {
    const { login, logout, card, license, ask, historyOf, expectSound, clock } = await aTenantOf([serialNumber]);

    expect(await login('ada')).toMatchObject({ outcome: 'allocated', license: { serialNumber } });
    clock.move(1_000);
    await logout('ada', 's1');
    expect(Object.keys((await card('ada'))?.assigned ?? {})).toEqual([serialNumber]);
    expect(await login('ada', { session: 's2' })).toMatchObject({ outcome: 'assigned', license: { serialNumber } });
    await expectSound();

    const shown = await ask('GET', '/user-cards/ada');
    expect(shown.body).toMatchObject({ currentLicense: { serialNumber }, assignedLicenses: [{ serialNumber }] });
    await ask('POST', `/licenses/${encodeSegment(serialNumber)}/release`, {});
    expect(await license(serialNumber)).toMatchObject({ releasing: true });
    expect(Object.keys((await card('ada'))?.assigned ?? {})).toEqual([]);
    clock.move(1_000);
    await logout('ada', 's2');
    await ask('PUT', '/user-cards/bob', { folder: '' });
    await ask('POST', `/licenses/${encodeSegment(serialNumber)}/assign`, { user: 'bob' });
    expect((await ask('GET', '/user-cards/bob')).body).toMatchObject({ assignedLicenses: [{ serialNumber }] });
    expect((await ask('GET', '/licenses')).body).toMatchObject({ licenses: [{ serialNumber, assignedTo: 'bob' }] });
    expect((await ask('GET', '/exports/licenses')).text).toContain(serialNumber);
    await expectSound();

    const entries = await historyOf(`/licenses/${encodeSegment(serialNumber)}/history`);
    expect(entries.length).toBeGreaterThanOrEqual(6);
    expect(await historyOf('/user-cards/ada/history')).not.toEqual([]);
  });

  it('a user may have licenses with all these numbers, and each can be released', async () => {
    const { table, ask, card, expectSound } = await aTenantOf(SERIALS);
    const others = INHERITED.filter((name) => !SERIALS.includes(name));
    const put = others.flatMap((serialNumber) => {
      const license = aLicense({ serialNumber, type: 'dedicated' });
      return [{ put: licenseItem(license) }, { put: vacancyItem(license) }];
    });
    await table.write(put);
    await ask('PUT', '/user-cards/ada', { folder: '' });

    for (const name of INHERITED) await ask('POST', `/licenses/${encodeSegment(name)}/assign`, { user: 'ada' });
    expect(Object.keys((await card('ada'))?.assigned ?? {}).toSorted()).toEqual(INHERITED.toSorted());
    await expectSound();

    for (const name of INHERITED) await ask('POST', `/licenses/${encodeSegment(name)}/release`, {});
    expect(Object.keys((await card('ada'))?.assigned ?? {})).toEqual([]);
    await expectSound();
  });
});

describe('users, sessions and folders are data', () => {
  it.each(NAMES)('%s logs in, in a session and a folder of that name, and is reported', async (name) => {
    const { login, logout, card, ask, historyOf, expectSound, clock } = await aTenantOf(['D1']);
    const folder = name.replaceAll('/', '-');
    expect((await ask('POST', '/folders', { folder })).body).toMatchObject({ folder });

    expect(await login(name, { session: name, claims: { folder } })).toMatchObject({
      outcome: 'allocated',
      user: name,
    });
    expect(Object.keys((await card(name))?.sessions ?? {})).toEqual([`s:${name}`]);
    expect(await login(name, { session: name, at: clock.now() })).toMatchObject({ outcome: 'continued' });
    const shown = (await ask('GET', `/user-cards/${encodeSegment(name)}`)).body;
    expect(shown).toMatchObject({ user: name, folder, sessions: [{ session: name }] });
    await expectSound();

    clock.move(1_000);
    expect(await logout(name, name)).toMatchObject({ ended: 1 });
    expect(await login(name, { session: name, at: plus(clock.now(), -1) })).toMatchObject({ reason: 'session-ended' });
    expect((await card(name))?.sessions).toEqual({});
    await expectSound();
    expect(await historyOf(`/user-cards/${encodeSegment(name)}/history`)).not.toEqual([]);
    await ask('DELETE', `/user-cards/${encodeSegment(name)}`);
  });
});

describe('names in settings are data', () => {
  it.each(INHERITED.filter((name) => name !== '__proto__'))(
    'the claim value %s leads to its folder, and no other name of an object does',
    async (name) => {
      const { ask, login, card } = await aTenantOf(['D1']);
      await ask('POST', '/folders', { folder: 'Legal' });
      const folders = Object.fromEntries([[name, 'Legal']]);

      const { body } = await ask('PATCH', '', { folderClaims: { folders } });

      expect(body).toMatchObject({ settings: { folderClaims: { folders } } });
      await login('ada', { claims: { folder: name } });
      await login('bob', { claims: { folder: name === 'toString' ? 'valueOf' : 'toString' } });
      const [ofAda, ofBob] = [await card('ada'), await card('bob')];
      expect(ofAda?.folderId).not.toBe('root');
      expect(ofBob?.folderId ?? 'root').toBe('root');
    },
  );

  it.each([
    ['claim value', { folderClaims: { folders: JSON.parse('{"__proto__": ""}') } }],
    ['key id', { publicKeys: JSON.parse('{"__proto__": "any"}') }],
    ['member', JSON.parse('{"__proto__": {"idleTimeout": "PT1H"}}')],
  ])('`__proto__` is refused as a %s, with its place', async (_, body) => {
    const { refuse } = await aTenantOf(['D1']);

    const answer = await refuse({
      method: 'PATCH',
      path: '/tenants/acme',
      headers: { 'if-match': '*' },
      body: JSON.stringify(body),
    });

    expect(answer.status).toBe(400);
    expect(answer.text).toContain('__proto__');
  });
});
