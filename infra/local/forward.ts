import { Agent, request as ask, createServer } from 'node:http';
import { foreignRequest } from './foreign-request.ts';
import { type Listener, listening } from './http.ts';

/** Serves on 127.0.0.1 what another server answers, and refuses web pages. */
export function forward(purpose: string, port: number, url: string): Promise<Listener> {
  const { hostname, port: target } = new URL(url);
  const agent = new Agent({ keepAlive: true });
  const server = createServer({ keepAliveTimeout: 120_000 }, (request, response) => {
    const refusal = foreignRequest(request);
    if (refusal !== undefined) {
      response.writeHead(403, { 'content-type': 'text/plain' }).end(refusal);
      return;
    }
    const { method, url: path, headers } = request;
    const onward = ask({ hostname, port: target, agent, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  return listening(purpose, port, server);
}
