import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { BuiltFile, BuiltFiles } from './built-files.ts';
import { securityHeaders } from './headers.ts';
import type { ConsoleSettings } from './settings.ts';

export type ConsoleDeps = {
  readonly files: BuiltFiles;
  readonly settings: ConsoleSettings;
};

/** The address of the first page. Every address of a page below it leads to the same document. */
const INDEX = 'index.html';
const SETTINGS = 'console.json';
const ASSETS = 'assets/';

/** A name with the hash of its content: it never means anything else. */
const FOREVER = 'public, max-age=31536000, immutable';
const ASK_EVERY_TIME = 'no-cache';

/**
 * Answers a request under `/console/`: a file of the build, `console.json`, or the document for the address of a page.
 * An asset that is not there is a 404, never the document: a browser with an old build then notices the new one.
 */
export function answerPage(
  { files, settings }: ConsoleDeps,
  { rawPath, headers }: Pick<APIGatewayProxyEventV2, 'rawPath' | 'headers'>,
): APIGatewayProxyStructuredResultV2 {
  const path = rawPath.replace(/^\/console\/?/, '');
  const always = securityHeaders(settings);
  if (path === SETTINGS) {
    const more = { 'content-type': 'application/json', 'cache-control': ASK_EVERY_TIME };
    return { statusCode: 200, headers: { ...always, ...more }, body: JSON.stringify(settings) };
  }
  const isAsset = path.startsWith(ASSETS);
  const file = files(path) ?? (isAsset ? undefined : files(INDEX));
  if (file === undefined) {
    const more = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' };
    return { statusCode: 404, headers: { ...always, ...more }, body: 'There is no such file.' };
  }
  const encoding = chooseEncoding(headers['accept-encoding'] ?? '');
  return {
    statusCode: 200,
    headers: {
      ...always,
      'content-type': file.type,
      'cache-control': isAsset ? FOREVER : ASK_EVERY_TIME,
      vary: 'accept-encoding',
      ...(encoding === 'identity' ? {} : { 'content-encoding': encoding }),
    },
    body: file.encoded[encoding].toString('base64'),
    isBase64Encoded: true,
  };
}

/** Every browser that asks for Brotli or gzip takes it in full: their refusal by `q=0` is for proxies. */
function chooseEncoding(accepted: string): keyof BuiltFile['encoded'] {
  const names = accepted
    .split(',')
    .flatMap((one) => (/;\s*q=0(\.0*)?\s*$/.test(one) ? [] : [one.split(';')[0]?.trim()]));
  return names.includes('br') ? 'br' : names.includes('gzip') ? 'gzip' : 'identity';
}
