import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Caller } from '../../../functions/admin-api/caller.ts';
import { importUpload } from '../../../shared/imports/import-upload.ts';
import { licenseZip } from '../../fakes/license-file.ts';
import { memoryTable } from '../../fakes/memory-table.ts';
import { aWorld, keyedHash } from '../../fakes/world.ts';
import { apiOn, OLGA } from './api.ts';

const OSCAR: Caller = { role: 'operator', actor: 'oscar' };
const KEY = generateKeyPairSync('ed25519').publicKey.export({ format: 'der', type: 'spki' }).toString('base64');

async function aTenant() {
  const table = memoryTable();
  const world = await aWorld({ table });
  const api = apiOn(world.deps);
  const patch = (body: object, caller?: Caller) =>
    api.call({ method: 'PATCH', path: '/tenants/acme', headers: { 'if-match': '*' }, body }, caller);
  const settings = async () => (await api.call({ method: 'GET', path: '/tenants/acme' })).body['settings'];
  return { ...world, ...api, patch, settings };
}

describe('a setting that is the operator’s', () => {
  it.each([
    ['customers', ['acme', 'globex']],
    ['customers', ['acme']],
    ['environment', 'on-premises'],
    ['environment', 'cloud'],
    ['publicKeys', { 'vendor-1': KEY }],
    ['publicKeys', {}],
    ['providerScopes', ['cognito:eu-north-1_Lp4QzT7aB']],
    ['providerScopes', []],
  ])('%s, as %j: an administrator may not give it, an operator may', async (member, value) => {
    const { patch, settings } = await aTenant();
    const before = await settings();

    const refused = await patch({ cleanupHour: 5, [member]: value });

    expect([refused.status, refused.body['code']]).toEqual([403, 'forbidden']);
    expect(refused.body['detail']).toMatch(new RegExp(`^${member}: only the operator of the service`));
    expect(await settings()).toEqual(before);
    const allowed = await patch({ cleanupHour: 5, [member]: value }, OSCAR);
    expect([allowed.status, allowed.body['settings']]).toEqual([200, expect.objectContaining({ cleanupHour: 5 })]);
    expect(allowed.body['settings']).toHaveProperty(member);
  });

  it('is named together with the others', async () => {
    const { patch } = await aTenant();

    const { body } = await patch({ publicKeys: {}, customers: ['globex'] });

    expect(body['detail']).toContain('customers, publicKeys: ');
  });

  it('does not include the other settings, which an administrator may change', async () => {
    const { patch } = await aTenant();
    const others = {
      timeZone: 'UTC',
      idleTimeout: 'PT1H',
      cleanupHour: 4,
      setAsideWarningDays: 1,
      refuseWithoutLicense: true,
      folderClaims: { folders: { fin: 'Finance' } },
      poolThresholds: [{ folder: 'Sales', type: 'floating', access: 'write', free: 3 }],
    };

    expect(await patch(others)).toMatchObject({ status: 200, body: { settings: others } });
  });
});

describe('a tenant whose keys the operator has set', () => {
  it('imports no unsigned file, whatever its administrator sends', async () => {
    const { deps, objects, patch } = await aTenant();
    await patch({ publicKeys: { 'vendor-1': KEY } }, OSCAR);
    const bytes = await licenseZip({ licenses: [{ serialNumber: 'FORGED' }] });
    const importIt = async (name: string) => {
      const upload = objects.upload(`tenants/acme/uploads/${name}`, bytes);
      return importUpload({ ...deps, objects, keyedHash, log: () => {} }, { ...upload, tenant: 'acme' });
    };
    const rejected = { status: 'rejected', faults: [expect.objectContaining({ code: 'signature-unsigned' })] };

    expect(await importIt('one.zip')).toMatchObject(rejected);
    for (const body of [{ publicKeys: {} }, { publicKeys: { mine: KEY } }, { customers: ['acme', 'globex'] }]) {
      expect(await patch(body)).toMatchObject({ status: 403 });
    }
    expect(await importIt('two.zip')).toMatchObject(rejected);
  });
});

describe('a refusal over HTTP', () => {
  it('for a scope that was not granted is 403, for an administrator and an operator', async () => {
    const { call } = await aTenant();
    const hook = { method: 'PUT', path: '/tenants/acme/hooks/cognito', headers: { 'if-match': '"0"' } };
    const put = (caller: Caller) => call({ ...hook, body: { tenants: ['cognito:eu-north-1_Lp4QzT7aB'] } }, caller);

    const answers = [await put(OLGA), await put(OSCAR)];

    expect(answers.map(({ status, body }) => [status, body['code']])).toEqual([
      [403, 'forbidden'],
      [403, 'forbidden'],
    ]);
  });

  it.each([
    ['/tenants/acme', 'PATCH', { customers: Array.from({ length: 20_000 }, (_, index) => `customer ${index}`) }],
    [
      '/tenants/acme',
      'PATCH',
      {
        folderClaims: {
          folders: Object.fromEntries(
            Array.from({ length: 6_000 }, (_, index) => [`cost-center-${index}`, `Finland/Customer service/${index}`]),
          ),
        },
      },
    ],
    [
      '/tenants/acme/hooks/okta',
      'PUT',
      { tenants: ['okta:a'], authorization: Array.from({ length: 60_000 }, (_, index) => `ssm:a${index}`) },
    ],
    [
      '/tenants/acme/webhook',
      'PUT',
      { url: 'https://hooks.acme.example/', secret: Array.from({ length: 60_000 }, (_, index) => `ssm:a${index}`) },
    ],
  ])('of a list without end is 400: %s', async (path, method, body) => {
    const { call } = await aTenant();

    const answer = await call({ method, path, headers: { 'if-match': '*' }, body }, OSCAR);

    expect([answer.status, answer.body['code'], answer.body['faults']]).toEqual([
      400,
      'invalid-request',
      [expect.objectContaining({ text: expect.stringMatching(/^must be at most \d+ /) })],
    ]);
  });
});
