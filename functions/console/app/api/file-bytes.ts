import { Problem } from './problem.ts';

/** Returns the content of a file. A folder that was dropped has none, nor has a file that was moved meanwhile. */
export function bytesOf(file: Blob): Promise<ArrayBuffer> {
  return file.arrayBuffer().catch(() => {
    throw new Problem('unreadable-file', 400);
  });
}

/** Returns the SHA-256 of a file in hexadecimal digits. */
export async function fingerprintOf(file: Blob): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await bytesOf(file));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
