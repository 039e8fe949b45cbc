import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { foreignRequest } from './foreign-request.ts';

export type Answer = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Buffer;
};

export type Listener = {
  readonly url: string;
  readonly close: () => Promise<void>;
};

export type Handle = (request: IncomingMessage, body: string, bytes: Buffer) => Promise<Answer> | Answer;

/** An error that the person at the terminal can fix. It is shown without a stack trace. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/**
 * Serves on 127.0.0.1 only, and refuses web pages, except its own if it `hasPages`. An exception of a handler becomes a
 * 500, so that one bad request never ends the stack.
 */
export function listen(
  purpose: string,
  port: number,
  handle: Handle,
  { hasPages = false }: { readonly hasPages?: boolean } = {},
): Promise<Listener> {
  const respond = async (request: IncomingMessage, response: ServerResponse) => {
    try {
      const own = hasPages ? [`http://127.0.0.1:${request.socket.localPort}`] : [];
      const refusal = foreignRequest(request, own);
      if (refusal !== undefined) {
        response.writeHead(403, { 'content-type': 'text/plain' }).end(refusal);
        return;
      }
      const bytes = await read(request);
      const { status, headers = {}, body = '' } = await handle(request, bytes.toString('utf8'), bytes);
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      response.writeHead(status, { 'content-length': Buffer.byteLength(body) }).end(body);
    } catch (error) {
      console.error(`${purpose}: ${String(error)}`);
      response.writeHead(500, { 'content-type': 'application/json' }).end('{"__type":"InternalFailure"}');
    }
  };
  // Longer than any client keeps an idle connection. Otherwise a request may use a connection that is just being
  // closed.
  const server = createServer({ keepAliveTimeout: 120_000 }, (request, response) => void respond(request, response));
  return listening(purpose, port, server);
}

/** Lets a server listen on 127.0.0.1. Port 0 is any free one. */
export function listening(purpose: string, port: number, server: Server): Promise<Listener> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? portTaken(purpose, port) : error),
    );
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      const actual = typeof address === 'object' && address !== null ? address.port : port;
      resolve({
        url: `http://127.0.0.1:${actual}`,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            server.closeAllConnections();
          }),
      });
    });
  });
}

export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

export function portTaken(purpose: string, port: number): StartError {
  return new StartError(
    `Port ${port} (for ${purpose}) is taken by something that is not this stack. ` +
      'Stop that, or set LOCAL_PORT to the first of eight free ports.',
  );
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}
