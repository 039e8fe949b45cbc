import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { FUNCTIONS } from '../../functions/functions.ts';
import { bundle } from '../../infra/constructs/bundles.ts';
import { placeOfError } from '../../shared/platform/place-of-error.ts';

test('a deployed function is minified, and its error stacks name file, line and function of the source', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'bundles-'));
  onTestFinished(() => rmSync(outdir, { recursive: true }));
  bundle(['admin-api'], { outdir, debuggable: false });
  const file = join(outdir, 'admin-api/index.mjs');
  const program = `const { handler } = await import(process.argv[1]);
    await handler({ not: 'a request' }, {}).catch((error) => console.error(error.stack));`;

  const { stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program, pathToFileURL(file).href], {
    env: {
      ...Object.fromEntries(FUNCTIONS['admin-api'].environment.map((key) => [key, 'arn:aws:any'])),
      AWS_REGION: 'eu-north-1',
      LOCAL_STAGE_KEY: 'key',
      NODE_OPTIONS: '--enable-source-maps',
    },
    encoding: 'utf8',
  });

  expect(readFileSync(file, 'utf8')).not.toContain('answerByRoute');
  const [, source = '', line = ''] =
    /at answerByRoute \(\S*?(functions\/admin-api\/[\w-]+\.ts):(\d+):\d+\)/.exec(stderr) ?? [];
  expect(source).toBe('functions/admin-api/answer-request.ts');
  expect(readFileSync(source, 'utf8').split('\n')[Number(line) - 1]).toContain('requestContext.http');
  const error = Object.assign(new Error(), { stack: stderr });
  expect(placeOfError(error).where).toBe(`functions/admin-api/answer-request.ts:${line}`);
});
