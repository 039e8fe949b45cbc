import { createHash } from 'node:crypto';
import { checkSignature } from '../license-file/signature.ts';
import type { Tenant } from '../licensing/tenant/tenant.ts';

/** A license file that was sent as text, as it is stored. The same text gets the same name. */
export type PastedText = { readonly name: string; readonly xml: string };

/**
 * Reads a license file that is sent as text. A text has no encoding any more, so the one that it declares is ignored,
 * and so are blanks and a byte order mark before it. A text whose signature fits is not changed. A text with half of a
 * character in it never gets here, since such a request is refused.
 */
export function readPastedText(
  { tenantId, settings }: Tenant,
  given: { readonly xml: string; readonly signature?: string },
): PastedText {
  const authenticity = { tenant: tenantId, publicKeys: new Map(Object.entries(settings.publicKeys)) };
  const check = checkSignature(Buffer.from(given.xml), given.signature, authenticity);
  const xml = check.outcome === 'signed' ? given.xml : withoutEncoding(given.xml);
  const digest = createHash('sha256').update(xml, 'utf8').digest('hex').slice(0, 32);
  return { name: `pasted-${digest}.xml`, xml };
}

/** Returns the text without blanks before it, and with UTF-8, in which it is stored, as its encoding. */
function withoutEncoding(xml: string): string {
  const text = xml.replace(/^[\s\p{Default_Ignorable_Code_Point}]+/u, '');
  return text.replace(/^(<\?xml\s[^>]*?\sencoding\s*=\s*)(?!(["'])utf-8\2)(?:"[^"<>]*"|'[^'<>]*')/i, '$1"UTF-8"');
}
