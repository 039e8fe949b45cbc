import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createListener, type Server } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { discoveryAddress, keysByDiscovery } from '../../../shared/sign-in/providers/access-token.ts';
import { fetchJwks, fetchJwksAlsoHere, fetchJwksWithin } from '../../../shared/sign-in/providers/fetch-jwks.ts';

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** A provider on this machine, and the paths that it was asked for. */
async function provider(answer: RequestListener) {
  const seen: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    seen.push(request.url);
    answer(request, response);
  });
  return { url: `http://127.0.0.1:${await portOf(server)}`, seen };
}

describe('keys are fetched from no internal address', () => {
  const FORMS = [
    'https://127.0.0.1',
    'https://127.1',
    'https://2130706433',
    'https://0x7f000001',
    'https://0177.0.0.1',
    'https://[::1]',
    'https://[::]',
    'https://[::ffff:127.0.0.1]',
    'https://[::ffff:7f00:1]',
    'https://[64:ff9b::7f00:1]',
    'https://0.0.0.0',
    'https://10.0.0.1',
    'https://172.16.0.1',
    'https://192.168.1.1',
    'https://100.64.0.1',
    'https://169.254.169.254',
    'https://169.254.170.2',
    'https://[fd00:ec2::254]',
    'https://[fe80::1]',
    'https://localhost',
    'https://localhost.',
    'https://１２７.０.０.１',
    'https://127。0。0。1',
    'http://127.0.0.1',
    'http://localhost',
    'http://keys.example.com',
    'ftp://keys.example.com',
    'https://user:secret@127.0.0.1',
    'https://user:secret@keys.example.com',
  ];

  test.each(FORMS)('%s', async (form) => {
    let connections = 0;
    const port = await portOf(
      createListener((socket) => {
        connections += 1;
        socket.destroy();
      }),
    );

    await expect(fetchJwks(`${form}:${port}/jwks`)).rejects.toMatchObject({ name: 'InnerAddress' });
    expect(connections).toBe(0);
  });

  test.each(['http://10.0.0.1:80/jwks', 'http://localhost:80/jwks', 'https://127.0.0.1/jwks', 'http://[::1]:80/jwks'])(
    'also on the local stack: %s',
    async (address) => {
      await expect(fetchJwksAlsoHere(address)).rejects.toMatchObject({ name: 'InnerAddress' });
    },
  );
});

describe('of this machine, on the local stack,', () => {
  test('keys are fetched', async () => {
    const { url } = await provider((_, response) => void response.end('{"keys":[]}'));
    expect(await fetchJwksAlsoHere(`${url}/jwks`)).toEqual({ keys: [] });
  });

  test('a redirect is not followed', async () => {
    const { url, seen } = await provider(
      (_, response) => void response.writeHead(302, { location: '/elsewhere' }).end(),
    );
    await expect(fetchJwksAlsoHere(`${url}/jwks`)).rejects.toThrow('302');
    expect(seen).toEqual(['/jwks']);
  });

  test('a response that is not JSON, is too large or never comes is an error', async () => {
    const { url } = await provider(({ url: path }, response) => {
      if (path === '/text') response.end('nonsense');
      if (path === '/big') response.end(JSON.stringify({ keys: ['x'.repeat(128 * 1_024)] }));
    });
    await expect(fetchJwksAlsoHere(`${url}/text`)).rejects.toThrow('JSON');
    await expect(fetchJwksAlsoHere(`${url}/big`)).rejects.toThrow('too big');
    await expect(fetchJwksWithin(20, { alsoHere: true })(`${url}/never`)).rejects.toThrow('abort');
  });

  test('an issuer cannot name an internal address for its keys', async () => {
    const inside = 'https://169.254.169.254/keys';
    const issuer: { url: string } = await provider((_, response) => {
      response.end(JSON.stringify({ issuer: issuer.url, jwks_uri: inside }));
    });
    const fetchKeys = keysByDiscovery(fetchJwksAlsoHere);
    await expect(fetchKeys(discoveryAddress(issuer.url))).rejects.toMatchObject({ name: 'InnerAddress' });
  });
});
