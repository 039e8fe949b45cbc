import { createServer, type IncomingMessage, request } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** The function that a call is of: each function of the local stack signs with its own name. */
export function callerOf({ headers }: IncomingMessage): string {
  const caller = /Credential=([^/]+)\//.exec(headers.authorization ?? '')?.[1] ?? 'nobody';
  return caller.replace('LicenseService-', '');
}

/**
 * Stands between the functions and the services and hands every call on unchanged, once `look` has looked at it: a call
 * whose look never ends is never made.
 */
export function middlemen(look: (service: string, incoming: IncomingMessage, body: string) => Promise<void> | void) {
  const servers: ReturnType<typeof createServer>[] = [];

  async function between(service: string, url: string): Promise<string> {
    const { hostname, port } = new URL(url);
    const server = createServer(async (incoming, outgoing) => {
      const body = await buffer(incoming);
      await look(service, incoming, body.toString('utf8'));
      const { method, url: path, headers } = incoming;
      const onward = request({ hostname, port, method, path, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(outgoing);
      });
      onward.on('error', () => outgoing.destroy());
      onward.end(body);
    });
    servers.push(server);
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  }

  return {
    between,
    stop: () => {
      for (const server of servers) {
        server.close();
        server.closeAllConnections();
      }
    },
  };
}
