import { createServer } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { postWebhook, publicLookUp } from '../../shared/aws/post-webhook.ts';
import { isPublicAddress, isWebhookAddress } from '../../shared/events/webhook-address.ts';

describe('where a webhook may lead', () => {
  it.each([
    'http://hooks.acme.example/',
    'https://user:secret@hooks.acme.example/',
    'https://localhost/',
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

  it.each(['https://hooks.acme.example/in?key=1', 'https://8.8.8.8:8443/', 'http://127.0.0.1:4800/hook'])(
    'to %s',
    (address) => {
      expect(isWebhookAddress(address)).toBe(true);
    },
  );

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

  it('a name that leads to this machine leads nowhere', async () => {
    const answer = new Promise((resolve) => publicLookUp('localhost', {}, resolve));

    expect(await answer).toBeInstanceOf(Error);
    expect(await postWebhook({ mayBeLocal: false })('https://localhost/', { body: '', headers: {} })).toEqual({
      failed: 'address',
    });
  });

  it('this machine only where it is allowed, without following where it is sent', async () => {
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

  it('nobody there, or nobody who answers in time, is an answer too', async () => {
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
