import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { exported } from './answers/exports.ts';
import type { HttpAnswer } from './problems.ts';
import type { Route } from './route.ts';

export const FILE_TYPES = {
  csv: 'text/csv; charset=utf-8',
  'json-lines': 'application/jsonl; charset=utf-8',
} as const;

/**
 * Returns a page of an export as a download, with a link to the next page (RFC 8288). The parts of a file make up the
 * whole when they are joined in the order of their numbers.
 */
export function fileAnswer(event: APIGatewayProxyEventV2, { file }: Route, answer: object): HttpAnswer | undefined {
  if (file === undefined) return undefined;
  const { format, text, part, cursor } = exported.parse(answer);
  const isWhole = part === 1 && cursor === undefined;
  const name = `${file}${isWhole ? '' : `-part-${part}`}.${format === 'csv' ? 'csv' : 'jsonl'}`;
  const query = new URLSearchParams(event.rawQueryString);
  query.set('cursor', cursor ?? '');
  return {
    statusCode: 200,
    headers: {
      'content-type': FILE_TYPES[format],
      'content-disposition': `attachment; filename="${name}"`,
      'cache-control': 'no-store',
      ...(cursor === undefined ? {} : { link: `<${event.rawPath}?${query}>; rel="next"` }),
    },
    body: text,
  };
}
