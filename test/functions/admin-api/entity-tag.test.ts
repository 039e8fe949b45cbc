import { describe, expect, it } from 'vitest';
import { anApiWorld } from '../../fakes/api-world.ts';

const license = { method: 'GET', path: '/tenants/acme/licenses/FREE' } as const;

describe('a GET with If-None-Match', () => {
  it('gets 304 without a body while the answer would be the same', async () => {
    const { call } = await anApiWorld();
    const { headers } = await call(license);
    const tag = String(headers['etag']);

    const answers = await Promise.all(
      [tag, `W/${tag}`, `"other", ${tag}`, '*'].map((header) =>
        call({ ...license, headers: { 'if-none-match': header } }),
      ),
    );

    expect(answers.map(({ status, text }) => [status, text])).toEqual(answers.map(() => [304, '']));
    expect(answers[0]!.headers).toMatchObject({ etag: tag, 'cache-control': 'no-store' });
    expect(answers[0]!.headers).not.toHaveProperty('content-type');
  });

  it('gets the answer again after a change', async () => {
    const { call } = await anApiWorld();
    const before = await call(license);
    const tag = String(before.headers['etag']);
    const changed = await call({
      method: 'POST',
      path: `${license.path}/assign`,
      headers: { 'if-match': tag },
      body: { user: 'ada' },
    });
    const after = await call({ ...license, headers: { 'if-none-match': tag } });

    expect([changed.status, after.status, after.body['assignedTo']]).toEqual([200, 200, 'ada']);
    expect(after.headers['etag']).not.toBe(tag);
  });

  it.each([
    ['/tenants/acme/licenses', 'a list, which has no version'],
    ['/tenants/acme/exports/licenses', 'a file'],
    ['/openapi.json', 'the description'],
    ['/me', 'a caller'],
  ])('gets 304 for %s: %s', async (path) => {
    const { call } = await anApiWorld();
    const { status, headers } = await call({ method: 'GET', path });

    const again = await call({ method: 'GET', path, headers: { 'if-none-match': String(headers['etag']) } });

    expect([status, again.status]).toEqual([200, 304]);
  });

  it('gets a problem as it is', async () => {
    const { call } = await anApiWorld();

    const answer = await call({
      method: 'GET',
      path: '/tenants/acme/licenses/NONE',
      headers: { 'if-none-match': '*' },
    });

    expect([answer.status, answer.headers['etag']]).toEqual([404, undefined]);
  });
});

it('refuses a change with the tag of a list, which has no version', async () => {
  const { call } = await anApiWorld();
  const { headers } = await call({ method: 'GET', path: '/tenants/acme/licenses' });

  const answer = await call({
    method: 'POST',
    path: `${license.path}/assign`,
    headers: { 'if-match': String(headers['etag']) },
    body: { user: 'ada' },
  });

  expect(answer.body['code']).toBe('stale-version');
});
