import { expect, it } from 'vitest';
import { decodeSegment, encodeSegment } from '../../functions/admin-api/path-segment.ts';
import { decodedAsAwsDoes } from '../../infra/local/http-api.ts';

it.each([
  ['/capture/question%3Fvalue', '/capture/question'],
  ['/capture/percent%25done', undefined],
  ['/capture/literal%252Fvalue', '/capture/literal/value'],
  ['/capture/slash%2Fvalue', '/capture/slash/value'],
  ['/capture/hash%23value', '/capture/hash#value'],
  ['/capture/plus+value', '/capture/plus+value'],
  ['/capture/encoded%2Bplus', '/capture/encoded+plus'],
  ['/capture/semi%3Bcolon', '/capture/semi;colon'],
  ['/capture/blank%20value', '/capture/blank value'],
  ['/capture/%C3%A4', '/capture/ä'],
  ['/capture/%E0%A4%A', undefined],
])('decodes %s twice and cuts it at a question mark, as API Gateway does', (path, decoded) => {
  expect(decodedAsAwsDoes(path)).toBe(decoded);
});

it.each([
  'a?b',
  'a%3Fb',
  '100%',
  'a/b',
  'a\\b',
  'a#b',
  'a;b=c',
  "o'neil",
  'ä ö',
  'A+B@c.d_e-f',
  '~',
  '.',
  '..',
  '',
  '𝒳',
  '%25',
])('an id that is written by the rule survives it: %j', (text) => {
  const path = decodedAsAwsDoes(`/user-cards/${encodeSegment(text)}`);

  expect(decodeSegment(path?.slice('/user-cards/'.length) ?? '')).toBe(text);
});
