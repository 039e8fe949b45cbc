import type { buildApp } from 'fauxqs';
import * as z from 'zod/mini';
import { foreignRequest } from './foreign-request.ts';
import { policyFault } from './post-policy.ts';
import type { Versions } from './s3-versions.ts';
import { SECRET_ACCESS_KEY } from './template.ts';

type App = ReturnType<typeof buildApp>;

const route = z.object({ bucket: z.string(), '*': z._default(z.string(), '') });
const query = z.object({ versionId: z.optional(z.string()) });

/** Adds to the library what S3 does beyond it: versions, signed forms, refused copies, and all bodies in chunks. */
export function addS3Rules(
  app: App,
  {
    versions,
    formOrigins,
    now,
  }: { readonly versions: Versions; readonly formOrigins: readonly string[]; readonly now: () => number },
): void {
  // These pages may send forms, and nothing else. S3 says so in the headers of CORS.
  app.addHook('onRequest', async ({ raw }, reply) => {
    const sendsForm = raw.method === 'POST' || raw.method === 'OPTIONS';
    const refusal = foreignRequest(raw, sendsForm ? formOrigins : []);
    if (refusal !== undefined) return reply.code(403).send(refusal);
    const { origin } = raw.headers;
    if (origin === undefined) return;
    reply.headers({ 'access-control-allow-origin': origin, 'access-control-allow-methods': 'POST', vary: 'Origin' });
    if (raw.method === 'OPTIONS') return reply.code(200).send();
  });
  app.addHook('preHandler', async (request, reply) => {
    const { method, headers, params } = request;
    const place = route.safeParse(params).data;
    if (place === undefined || typeof params !== 'object' || params === null) return;
    const { bucket, '*': key } = place;
    const refuse = (status: number, code: string, message: string) =>
      reply.code(status).type('application/xml').send(faultDocument(code, message));

    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    request.body = body;
    if (String(headers['x-amz-content-sha256']).startsWith('STREAMING-')) {
      headers['content-encoding'] = [headers['content-encoding'], 'aws-chunked'].filter(Boolean).join(',');
    }
    if (method === 'POST' && headers['content-type']?.startsWith('multipart/form-data')) {
      const fault = policyFault(
        { bucket, ...(await formIn(body, headers['content-type'])) },
        { now: now(), secretKey: SECRET_ACCESS_KEY },
      );
      if (fault !== undefined) return refuse(fault.status, fault.code, fault.message);
    }
    const { versionId } = query.parse(request.query ?? {});
    if (versionId !== undefined) {
      if (method !== 'GET' && method !== 'HEAD') return refuse(501, 'NotImplemented', 'Versions stay as they are.');
      const found = versions.find({ bucket, key }, versionId);
      if (found === undefined) return refuse(404, 'NoSuchVersion', 'The specified version does not exist.');
      Object.assign(params, { bucket: found.bucket, '*': found.key });
      reply.header('x-amz-version-id', versionId);
    }
    const source = copySource(headers['x-amz-copy-source']);
    if (source === undefined) return;
    if (source.versionId !== undefined) {
      const found = versions.find(source, source.versionId);
      if (found === undefined) return refuse(404, 'NoSuchVersion', 'The specified version does not exist.');
      headers['x-amz-copy-source'] = encodeURIComponent(`${found.bucket}/${found.key}`);
    } else if (source.bucket === bucket && source.key === key && !changesSomething(headers)) {
      return refuse(400, 'InvalidRequest', COPY_ONTO_ITSELF);
    }
  });
  app.addHook('onSend', async ({ params }, reply) => {
    // The SDK takes the clock of its requests and forms from here, so it must be the one that all others go by.
    reply.header('date', new Date(now()).toUTCString());
    const place = route.safeParse(params).data;
    if (place === undefined || reply.statusCode >= 300 || reply.hasHeader('x-amz-version-id')) return;
    const versionId = versions.latest({ bucket: place.bucket, key: place['*'] });
    if (versionId !== undefined) reply.header('x-amz-version-id', versionId);
  });
}

/** Returns the fields of a form, as S3 reads them: those before the file. */
async function formIn(body: Buffer, type: string) {
  const fields = new Map<string, string>();
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  for (const [name, value] of form) {
    if (typeof value !== 'string') return { fields, bytes: value.size };
    fields.set(name.toLowerCase(), value);
  }
  return { fields, bytes: 0 };
}

function copySource(header: string | readonly string[] | undefined) {
  if (typeof header !== 'string') return undefined;
  const [path = '', versionId] = header.split('?versionId=');
  const [bucket = '', ...key] = decodeURIComponent(path).replace(/^\//, '').split('/');
  return { bucket, key: key.join('/'), versionId };
}

/** S3 copies an object onto itself only if the request names something that may change. */
function changesSomething(headers: Readonly<Record<string, unknown>>): boolean {
  return (
    headers['x-amz-metadata-directive'] === 'REPLACE' ||
    headers['x-amz-storage-class'] !== undefined ||
    headers['x-amz-server-side-encryption'] !== undefined ||
    headers['x-amz-website-redirect-location'] !== undefined
  );
}

const COPY_ONTO_ITSELF =
  "This copy request is illegal because it is trying to copy an object to itself without changing the object's " +
  'metadata, storage class, website redirect location or encryption attributes.';

function faultDocument(code: string, message: string): string {
  const text = message.replaceAll(/[&<>]/g, (letter) => `&#${letter.charCodeAt(0)};`);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${text}</Message></Error>`;
}
