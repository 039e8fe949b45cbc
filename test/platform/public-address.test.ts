import type { lookup } from 'node:dns';
import { createServer } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { postWebhook } from '../../shared/aws/post-webhook.ts';
import { isPublicAddress, isWebhookAddress } from '../../shared/platform/public-address.ts';
import { InnerAddress, publicCall, publicLookUp, publicLookUpBy } from '../../shared/platform/public-call.ts';

describe('where a webhook may lead', () => {
  it.each([
    'http://hooks.acme.example/',
    'http://127.0.0.1:4800/hook',
    'https://user:secret@hooks.acme.example/',
    'https://localhost/',
    'https://localhost./',
    'https://127.0.0.1./',
    'https://10.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://[::1]/',
    'https://[::ffff:169.254.169.254]/',
    'https://[fd00::1]/',
    'ftp://hooks.acme.example/',
    'hooks.acme.example',
    `https://hooks.acme.example/${'a'.repeat(2_048)}`,
  ])('not to %s', (address) => {
    expect(isWebhookAddress(address)).toBe(false);
  });

  it.each(['https://hooks.acme.example/in?key=1', 'https://8.8.8.8:8443/'])('to %s', (address) => {
    expect(isWebhookAddress(address)).toBe(true);
  });

  it('to this machine on the local stack alone, by 127.0.0.1 and without a password', () => {
    expect(isWebhookAddress('http://127.0.0.1:4800/hook', { mayBeLocal: true })).toBe(true);
    expect(isWebhookAddress('http://user:secret@127.0.0.1:4800/hook', { mayBeLocal: true })).toBe(false);
    expect(isWebhookAddress('http://10.0.0.1/hook', { mayBeLocal: true })).toBe(false);
  });

  it.each([
    ['8.8.8.8', true],
    ['169.254.169.254', false],
    ['100.64.0.1', false],
    ['172.31.255.255', false],
    ['172.32.0.1', true],
    ['2606:4700::1111', true],
    ['2001:db8::1', false],
    ['2002:7f00:1::', false],
    ['64:ff9b::7f00:1', false],
    ['::ffff:8.8.8.8', false],
    ['fe80::1', false],
    ['nothing', false],
  ])('%s is public: %s', (address, isPublic) => {
    expect(isPublicAddress(address)).toBe(isPublic);
  });

  it('a name that resolves to this machine is refused', async () => {
    const answer = new Promise((resolve) => publicLookUp('localhost', {}, resolve));

    expect(await answer).toBeInstanceOf(Error);
    expect(await postWebhook({ mayBeLocal: false })('https://localhost/', { body: '', headers: {} })).toEqual({
      failed: 'address',
    });
  });

  it('the call itself resolves the name', () => {
    const { options } = publicCall(new URL('https://hooks.acme.example/'), {});
    expect(options).toEqual({ agent: false, lookup: publicLookUp });
  });

  it.each([
    ['inner address', ['10.0.0.1']],
    ['public address beside an inner one', ['8.8.8.8', '169.254.169.254']],
    ['inner address of IPv6', ['fd00:ec2::254']],
    ['address inside another', ['::ffff:127.0.0.1']],
  ])('a name that resolves to an %s is refused', async (_, addresses) => {
    expect(await lookedUp(addresses)).toBeInstanceOf(InnerAddress);
  });

  it('a name that resolves to public addresses is called', async () => {
    expect(await lookedUp(['8.8.8.8', '2606:4700::1111'])).toBeNull();
    expect(await lookedUp([])).toBeInstanceOf(Error);
  });

  it('this machine is called only if that is allowed, and redirects are not followed', async () => {
    const seen: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      seen.push(request.url);
      response.writeHead(302, { location: 'http://127.0.0.1/inner' }).end('x'.repeat(1_000));
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as { port: number };
    const url = `http://127.0.0.1:${port}/hook`;
    const message = { body: '{}', headers: { 'webhook-id': 'evt_1' } };

    expect(await postWebhook({ mayBeLocal: true })(url, message)).toEqual({ status: 302 });
    expect(await postWebhook({ mayBeLocal: false })(url, message)).toEqual({ failed: 'address' });
    expect(seen).toEqual(['/hook']);
  });

  it('an unreachable or slow receiver is an outcome, not an error', async () => {
    const server = createServer(() => {});
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as { port: number };
    const post = postWebhook({ mayBeLocal: true, answeredWithin: 50 });
    const message = { body: '{}', headers: {} };

    expect(await post(`http://127.0.0.1:${port}/`, message)).toEqual({ failed: 'time' });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    expect(await post(`http://127.0.0.1:${port}/`, message)).toEqual({ failed: 'connection' });
  });
});

/** What a look-up of a name with these addresses says is wrong. */
function lookedUp(addresses: readonly string[]): Promise<Error | null> {
  const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  const ask = ((_name: string, _options: object, done: (error: null, all: typeof found) => void) =>
    done(null, found)) as typeof lookup;
  return new Promise((resolve) => publicLookUpBy(ask)('hooks.acme.example', {}, resolve));
}
