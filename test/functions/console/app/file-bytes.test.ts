import { mkdtempSync, openAsBlob, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bytesOf, fingerprintOf } from '../../../../functions/console/app/api/file-bytes.ts';

test('a file has its SHA-256, an empty one too', async () => {
  const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

  expect(await fingerprintOf(new Blob([]))).toBe(empty);
});

test('a file that was moved meanwhile cannot be read, which is not a silence of the service', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'file-'));
  const file = join(dir, 'licenses.zip');
  writeFileSync(file, 'content');
  const chosen = await openAsBlob(file);
  await rm(dir, { recursive: true });

  await expect(bytesOf(chosen.slice(0, 1))).rejects.toMatchObject({ code: 'unreadable-file', isOpen: false });
  await expect(fingerprintOf(chosen)).rejects.toMatchObject({ code: 'unreadable-file' });
});
