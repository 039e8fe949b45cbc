import { createHmac } from 'node:crypto';
import * as z from 'zod/mini';

/** The fields of an upload form, by their names in small letters, and the size of its file. */
export type UploadForm = {
  readonly bucket: string;
  readonly fields: ReadonlyMap<string, string>;
  readonly bytes: number;
};

export type PolicyFault = { readonly status: 400 | 403; readonly code: string; readonly message: string };

const policyDocument = z.object({
  expiration: z.string(),
  conditions: z.array(
    z.union([
      z.record(z.string(), z.string()),
      z.tuple([z.enum(['eq', 'starts-with']), z.string(), z.string()]),
      z.tuple([z.literal('content-length-range'), z.number(), z.number()]),
    ]),
  ),
});

/** Fields that no policy covers. */
const UNCOVERED = /^(policy|x-amz-signature|file|x-ignore-.*)$/;

/**
 * Returns why S3 refuses an upload form, or undefined if its signed policy allows the form: the signature fits, the
 * policy has not expired, every condition holds, and every field has a condition.
 */
export function policyFault(
  { bucket, fields, bytes }: UploadForm,
  { now, secretKey }: { readonly now: number; readonly secretKey: string },
): PolicyFault | undefined {
  const encoded = fields.get('policy');
  if (encoded === undefined) return denied('AccessDenied', 'Access Denied');
  if (fields.get('x-amz-signature') !== signatureOf(encoded, fields.get('x-amz-credential') ?? '', secretKey)) {
    return denied('SignatureDoesNotMatch', 'The request signature does not match the policy.');
  }
  const reading = policyDocument.safeParse(parsed(encoded));
  if (!reading.success) return { status: 400, code: 'InvalidPolicyDocument', message: 'Invalid Policy' };
  const { expiration, conditions } = reading.data;
  if (Date.parse(expiration) <= now) return invalid('Policy expired.');
  const covered = new Set<string>();
  for (const condition of conditions) {
    if (Array.isArray(condition) && condition[0] === 'content-length-range') {
      const [, least, most] = condition;
      if (bytes < least) return { status: 400, code: 'EntityTooSmall', message: 'The file is smaller than allowed' };
      if (bytes > most) return { status: 400, code: 'EntityTooLarge', message: 'The file is larger than allowed' };
      continue;
    }
    const demands = Array.isArray(condition)
      ? [{ name: condition[1].replace(/^\$/, ''), value: condition[2], startsWith: condition[0] === 'starts-with' }]
      : Object.entries(condition).map(([name, value]) => ({ name, value, startsWith: false }));
    for (const { name, value, startsWith } of demands) {
      const field = name.toLowerCase();
      covered.add(field);
      const actual = field === 'bucket' ? bucket : fields.get(field);
      const holds = startsWith ? actual?.startsWith(value) : actual === value;
      if (holds !== true) return invalid(`Policy Condition failed: ${JSON.stringify(condition)}`);
    }
  }
  const extra = [...fields.keys()].find((field) => !UNCOVERED.test(field) && !covered.has(field));
  return extra === undefined ? undefined : invalid(`Extra input fields: ${extra}`);
}

const denied = (code: string, message: string): PolicyFault => ({ status: 403, code, message });

const invalid = (reason: string) => denied('AccessDenied', `Invalid according to Policy: ${reason}`);

/** Signs as AWS does (version 4): the key is derived from the parts of the credential behind the access key. */
function signatureOf(policy: string, credential: string, secretKey: string): string {
  const sign = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const key = credential.split('/').slice(1).reduce<string | Buffer>(sign, `AWS4${secretKey}`);
  return sign(key, policy).toString('hex');
}

function parsed(encoded: string): unknown {
  try {
    return JSON.parse(Buffer.from(encoded, 'base64').toString('utf8'));
  } catch {
    return undefined;
  }
}
