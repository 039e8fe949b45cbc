import { rmSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import type { FunctionCard } from '../../functions/function-card.ts';
import { FUNCTIONS } from '../../functions/functions.ts';
import { stageConfig } from '../../infra/constructs/stage-config.ts';
import { SynthesizedStack } from './synthesized-stack.ts';

const TABLE = 'licenses-restored';
const ARN = `arn:aws:dynamodb:eu-north-1:111122223333:table/${TABLE}`;
const STREAM = `${ARN}/stream/2026-11-27T10:00:00.000`;

const stack = new SynthesizedStack({ adoptedTable: TABLE, adoptedStream: STREAM });
afterAll(() => rmSync(stack.outdir, { recursive: true }));

describe('a stack that adopts a restored table', () => {
  test('creates no table, so the retained one stays as it is', () => {
    expect(stack.resources.filter(({ Type }) => Type.startsWith('AWS::DynamoDB::'))).toEqual([]);
    expect(stack.outputs['Table']?.Value).toBe(TABLE);
  });

  test('gives the adopted table to every function with a table, and no other table', () => {
    const told = stack.ofType('AWS::Lambda::Function').flatMap(({ Properties }) => {
      const { TABLE_NAME: name } = Properties.Environment.Variables;
      return name === undefined ? [] : [name];
    });

    expect(new Set(told)).toEqual(new Set([TABLE]));
    const cards: readonly FunctionCard[] = Object.values(FUNCTIONS);
    expect(told).toHaveLength(cards.filter(({ environment }) => environment.includes('TABLE_NAME')).length);
    expect(stack.allows('login/role', 'dynamodb:GetItem', ARN)).toBe(true);
    expect(stack.allows('publish-events/role', 'dynamodb:GetRecords', STREAM)).toBe(true);
    expect(stack.allows('login/role', 'dynamodb:GetItem', ARN.replace(TABLE, 'licenses'))).toBe(false);
  });

  test('reads the stream of the adopted table twice', () => {
    const mappings = stack
      .ofType('AWS::Lambda::EventSourceMapping')
      .map(({ Properties }) => Properties)
      .filter(({ FilterCriteria }) => FilterCriteria !== undefined);

    expect(mappings.map(({ EventSourceArn }) => EventSourceArn)).toEqual([STREAM, STREAM]);
  });

  test('watches its throttles', () => {
    const alarm = stack
      .ofType('AWS::CloudWatch::Alarm')
      .find(({ Properties }) => Properties.AlarmName === 'LicenseService operations/throttled-table');

    expect(JSON.stringify(alarm?.Properties.Metrics)).toContain(`"Value":"${TABLE}"`);
  });
});

test.each([
  ['a table without its stream', { adoptedTable: TABLE }],
  ['a stream without its table', { adoptedStream: STREAM }],
  ['the stream of another table', { adoptedTable: 'licenses', adoptedStream: STREAM }],
])('%s is refused with what to say', (_, context) => {
  expect(() => stageConfig(context)).toThrow('-c adoptedTable=NAME and -c adoptedStream=ARN');
});
