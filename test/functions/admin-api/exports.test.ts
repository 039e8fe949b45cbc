import { expect, it } from 'vitest';
import { anApiWorld } from '../../fakes/api-world.ts';

it('an export is a file in pages, and each page leads to the next', async () => {
  const { call } = await anApiWorld();
  const path = '/tenants/acme/exports/licenses';

  const first = await call({ method: 'GET', path, query: 'limit=5&format=csv' });
  const [, next = ''] = /^<(.+)>; rel="next"$/.exec(String(first.headers['link'])) ?? [];
  const { pathname, search } = new URL(next, 'https://api.example.com');
  const second = await call({ method: 'GET', path: pathname, query: search.slice(1) });

  expect(first.headers).toMatchObject({
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': 'attachment; filename="licenses-part-1.csv"',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  });
  expect(pathname).toBe(path);
  expect(second.headers).not.toHaveProperty('link');
  expect(second.headers).toMatchObject({ 'content-disposition': 'attachment; filename="licenses-part-2.csv"' });
  const whole = await call({ method: 'GET', path });
  expect(whole.headers).toMatchObject({ 'content-disposition': 'attachment; filename="licenses.csv"' });
  expect(whole.text).toBe(`${first.text}${second.text}`);
  const serials = `${first.text}${second.text}`
    .trimEnd()
    .split('\r\n')
    .map((line) => line.split(',')[0]);
  expect(serials).toEqual([
    '\ufeffserialNumber',
    'A/1%',
    'ASSIGNED',
    'B1',
    'FLOATING',
    'FREE',
    'HELD',
    'SET-ASIDE',
    'USED',
  ]);
});
