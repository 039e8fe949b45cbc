import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { type Refusal, refuse } from './faults.ts';

/**
 * Detached signatures of license files: Ed25519 over a context and the exact bytes of license.xml.
 *
 * The signed bytes are the UTF-8 text `ESM license file v1`, a NUL, the tenant's id, a NUL, and then the file as it is.
 * So a signature made for one tenant, or for another purpose, fits nothing else. The text form has one signature per
 * line, `ed25519 <key id> <signature in base64>`. Blank lines and lines that begin with `#` are skipped. Several lines
 * let a signer change keys: one line with a known key and a fitting signature is enough, and a line with an unknown key
 * does no harm.
 */
export type Authenticity = {
  tenant: string;
  /** Public keys (PEM, SPKI) by key id. Without keys, unsigned files are accepted. */
  publicKeys: ReadonlyMap<string, string>;
  /** The signature from the object's metadata, in the same text form. It is used if the zip holds no signature. */
  signature?: string;
};

export type SignatureCheck =
  | { outcome: 'not-required' }
  | { outcome: 'signed'; keyId: string }
  | { outcome: 'unsigned' | 'unreadable' | 'unknown-key' | 'wrong' };

const CONTEXT = 'ESM license file v1';
const SIGNATURE_LINE = /^ed25519 ([A-Za-z0-9._-]{1,64}) ([A-Za-z0-9+/]{86}==)$/;
const MOST_SIGNATURES = 8;

/** Returns the bytes that are signed: context, tenant, file. */
export function signedBytes(tenantId: string, xml: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(`${CONTEXT}\0${tenantId}\0`, 'utf8'), xml]);
}

/** Returns one line of the text form of a signature. */
export function formatSignature(keyId: string, signature: Uint8Array): string {
  return `ed25519 ${keyId} ${Buffer.from(signature).toString('base64')}\n`;
}

/**
 * Checks the signature. Pure. A tenant with keys requires a signature that fits, and a tenant without keys requires
 * none. Throws for a public key that is not an Ed25519 key.
 */
export function checkSignature(
  xml: Uint8Array,
  text: string | undefined,
  { tenant, publicKeys }: Authenticity,
): SignatureCheck {
  if (publicKeys.size === 0) return { outcome: 'not-required' };
  const lines = (text ?? '').split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('#'));
  if (lines.length === 0) return { outcome: 'unsigned' };
  const signatures = lines.map((line) => SIGNATURE_LINE.exec(line.trim()));
  if (lines.length > MOST_SIGNATURES || signatures.includes(null)) return { outcome: 'unreadable' };
  const bytes = signedBytes(tenant, xml);
  let known = false;
  for (const match of signatures) {
    const [, keyId = '', signature = ''] = match ?? [];
    const key = publicKeys.get(keyId);
    if (key === undefined) continue;
    known = true;
    if (verify(null, bytes, ed25519Key(key), Buffer.from(signature, 'base64'))) return { outcome: 'signed', keyId };
  }
  return { outcome: known ? 'wrong' : 'unknown-key' };
}

function ed25519Key(pem: string): KeyObject {
  const key = createPublicKey(pem);
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('A public key for license files is not an Ed25519 key');
  return key;
}

const ASK = 'Get the signed file from the vendor and upload it unchanged.';
const TEXTS = {
  unsigned: `The file is not signed, and only signed files are accepted here. ${ASK}`,
  unreadable: `The signature cannot be read. ${ASK}`,
  'unknown-key':
    'The file is signed with a key that is not known here. Ask the operator whether the vendor has a new key.',
  wrong: `The signature does not fit: the file was changed after signing, or was signed for another customer. ${ASK}`,
} as const;

/** Returns the refusal for a failed check, or undefined when the file may be read. */
export function refuseUnlessAuthentic(check: SignatureCheck): Refusal | undefined {
  if (check.outcome === 'signed' || check.outcome === 'not-required') return undefined;
  return refuse('reject:xml', `signature-${check.outcome}`, 'signature', TEXTS[check.outcome]);
}
