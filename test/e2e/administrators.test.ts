import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { licenseXml, licenseZip } from '../../infra/local/sample-files.ts';
import { sampleFiles } from '../../infra/local/seed.ts';
import { tokenOf } from '../../infra/local/token-of.ts';
import { peacefulStack } from './license-service/peaceful-stack.ts';

let stack: Awaited<ReturnType<typeof peacefulStack>>;
beforeAll(async () => {
  stack = await peacefulStack({ now: '2026-03-02T08:00:00.000Z' });
  await stack.of('acme').create('Finance', 'Sales');
});
// Holds every call that the API made against its policy.
afterAll(() => stack.stop());

async function get(path: string, bearer?: Record<string, string>) {
  const headers = bearer === undefined ? {} : { authorization: `Bearer ${await tokenOf(stack.dir, bearer)}` };
  const response = await fetch(`${stack.endpoints.api}${path}`, { headers });
  return { status: response.status, body: await response.json() };
}

test('a token of the local issuer gives access to the tenant that it names', async () => {
  expect(await get('/tenants/acme/licenses', { tenant: 'acme', role: 'viewer' })).toEqual({
    status: 200,
    body: { licenses: [] },
  });
});

test('a request without a token, of another tenant or without a role is refused', async () => {
  expect((await get('/tenants/acme/licenses')).status).toBe(401);
  expect((await get('/tenants/acme/licenses', { tenant: 'other', role: 'administrator' })).status).toBe(403);
  expect((await get('/tenants/nobody/licenses', { tenant: 'acme', role: 'administrator' })).status).toBe(403);
});

test('an operator, who has no tenant, may read any tenant, and gets an error for an unknown one', async () => {
  expect((await get('/tenants/acme/licenses', { role: 'operator' })).status).toBe(200);
  expect(await get('/tenants/nobody/licenses', { role: 'operator' })).toMatchObject({
    status: 404,
    body: { code: 'unknown-tenant' },
  });
});

async function post(path: string, body: object) {
  const token = await tokenOf(stack.dir, { tenant: 'acme', role: 'administrator', user: 'olga' });
  const response = await fetch(`${stack.endpoints.api}/tenants/acme${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': randomUUID() },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

test('a file is imported whether it is sent by the form or pasted', async () => {
  const { licenses } = sampleFiles(2026);
  const { body: form } = await post('/uploads', { name: 'licenses 2026.zip', folder: 'Finance' });
  const { key, url, fields } = form as { key: string; url: string; fields: Record<string, string> };
  const sent = new FormData();
  for (const [name, value] of Object.entries(fields)) sent.append(name, value);
  sent.append('file', new Blob([new Uint8Array(await licenseZip(licenses))]), 'any name.zip');
  // Straight to the bucket, as a browser does: the form has the recorder's address, which is for functions.
  const { pathname } = new URL(url);
  const answer = await fetch(`${stack.endpoints.s3}${pathname}`, { method: 'POST', body: sent });
  expect([answer.status, key]).toEqual([204, 'tenants/acme/uploads/licenses 2026.zip']);
  expect(await stack.reportOn(key)).toMatchObject({ status: 'accepted', counts: { added: 13 } });

  const pasted = await post('/pasted-files', { xml: licenseXml(licenses) });
  expect(pasted.status).toBe(202);
  expect(await stack.reportOn(String(pasted.body['key']))).toMatchObject({ counts: { unchanged: 13 } });

  const listed = await get('/tenants/acme/imports', { tenant: 'acme', role: 'viewer' });
  expect(listed.body).toMatchObject({ imports: [{ counts: { unchanged: 13 } }, { counts: { added: 13 } }] });
  const inFinance = await get('/tenants/acme/licenses?folder=Finance', { tenant: 'acme', role: 'viewer' });
  expect(inFinance.body).toMatchObject({ licenses: expect.objectContaining({ length: 13 }) });
});

test('an export is a file', async () => {
  const headers = { authorization: `Bearer ${await tokenOf(stack.dir, { tenant: 'acme', role: 'viewer' })}` };
  const response = await fetch(`${stack.endpoints.api}/tenants/acme/exports/licenses?limit=10`, { headers });
  expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  expect(response.headers.get('link')).toMatch(/^<\/tenants\/acme\/exports\/licenses\?.*cursor=.*>; rel="next"$/);
  expect((await response.text()).split('\r\n')).toHaveLength(12);
});

test('tokens follow the stack’s clock', async () => {
  await stack.moveClock({ advance: 'P1Y' });
  expect((await get('/tenants/acme/licenses', { tenant: 'acme', role: 'viewer' })).status).toBe(200);
});

test('a calendar feed opens under its address without a token, until it is deleted', async () => {
  const { body } = await post('/calendar-feeds', {});
  const { address, feedId } = body as { address: string; feedId: string };

  const calendar = await fetch(address);
  const etag = calendar.headers.get('etag') ?? '';
  const again = await fetch(address, { headers: { 'if-none-match': etag } });

  expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/calendars\/acme\..*\.ics$/);
  expect([calendar.status, calendar.headers.get('content-type')]).toEqual([200, 'text/calendar; charset=utf-8']);
  expect(await calendar.text()).toMatch(/^BEGIN:VCALENDAR\r\n/);
  expect(again.status).toBe(304);
  expect((await fetch(address.replace('.ics', ''))).status).toBe(404);

  const token = await tokenOf(stack.dir, { tenant: 'acme', role: 'administrator', user: 'olga' });
  const headers = { authorization: `Bearer ${token}` };
  await fetch(`${stack.endpoints.api}/tenants/acme/calendar-feeds/${feedId}`, { method: 'DELETE', headers });
  expect((await fetch(address)).status).toBe(404);
});

test('each line of a function’s log is an object, and what the service logs is an object in it', async () => {
  const lines = readFileSync(join(stack.dir, 'logs/admin-api.log'), 'utf8').trim().split('\n');
  const logged = lines.map((line) => JSON.parse(line) as Record<string, unknown>);

  expect(logged).toContainEqual({
    timestamp: expect.any(String),
    level: 'INFO',
    requestId: expect.any(String),
    message: { code: 'api-answered', route: 'list-licenses', status: 200 },
  });
  expect(logged.filter(({ message }) => typeof message === 'string')).toEqual([]);
});
