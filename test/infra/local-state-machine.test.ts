import { describe, expect, test } from 'vitest';
import { type Json, readDefinition, runState } from '../../infra/local/state-machine.ts';

const ARN = 'arn:aws:lambda:eu-north-1:000000000000:function:step';
const machine = (States: Record<string, unknown>) => JSON.stringify({ StartAt: Object.keys(States)[0], States });

function run(text: string, name: string, input: Json, invoke: (input: Json) => Promise<Json> = async (given) => given) {
  const events: string[] = [];
  const outcome = runState(readDefinition(text), name, input, {
    context: { Execution: { Name: 'one' }, Started: { Input: { first: true }, At: '2026-01-15T08:00:00.000Z' } },
    invoke: (_, given) => invoke(given),
    onEvent: (event) => events.push(event.type),
    onStart: () => {},
  });
  return outcome.then((result) => ({ ...result, events }));
}

describe('one state at a time', () => {
  const text = machine({
    Task: {
      Type: 'Task',
      Resource: ARN,
      ResultPath: '$.answer',
      Next: 'Choice',
      Catch: [{ ErrorEquals: ['Odd'], Next: 'Last' }],
    },
    Choice: { Type: 'Choice', Choices: [{ Variable: '$.n', NumericGreaterThan: 1, Next: 'Last' }], Default: 'Task' },
    Last: { Type: 'Pass', Parameters: { 'by.$': '$$.Execution.Name', 'of.$': '$$.Execution.Input.first' }, End: true },
  });

  test('a task reports the next state and its input', async () => {
    expect(await run(text, 'Task', { n: 1 }, async () => 'yes')).toEqual({
      kind: 'next',
      state: 'Choice',
      input: { n: 1, answer: 'yes' },
      events: ['StateEntered', 'StateExited'],
    });
  });

  test('a choice follows its rules, and may lead back', async () => {
    expect(await run(text, 'Choice', { n: 2 })).toMatchObject({ kind: 'next', state: 'Last', input: { n: 2 } });
    expect(await run(text, 'Choice', { n: 1 })).toMatchObject({ kind: 'next', state: 'Task', input: { n: 1 } });
  });

  test('a caught error leads where the catch says', async () => {
    const odd = Object.assign(new Error('{"why":"odd"}'), { name: 'Odd' });
    expect(await run(text, 'Task', { n: 1 }, () => Promise.reject(odd))).toMatchObject({
      kind: 'next',
      state: 'Last',
      input: { Error: 'Odd', Cause: '{"why":"odd"}' },
    });
  });

  test('an error that nothing catches ends the execution', async () => {
    const other = Object.assign(new Error('so'), { name: 'Other' });
    expect(await run(text, 'Task', {}, () => Promise.reject(other))).toMatchObject({
      kind: 'failed',
      error: 'Other',
      cause: 'so',
    });
  });

  test('the last state can read the start of the whole execution', async () => {
    expect(await run(text, 'Last', { n: 2 })).toMatchObject({ kind: 'succeeded', output: { by: 'one', of: true } });
  });
});

test('a map runs its inner states within its own step', async () => {
  const text = machine({
    Each: {
      Type: 'Map',
      ItemsPath: '$.items',
      ItemProcessor: { StartAt: 'Inner', States: { Inner: { Type: 'Task', Resource: ARN, End: true } } },
      Next: 'Done',
    },
    Done: { Type: 'Succeed' },
  });
  const doubled = await run(text, 'Each', { items: [1, 2] }, async (n) => Number(n) * 2);
  expect(doubled).toMatchObject({ kind: 'next', state: 'Done', input: [2, 4] });
  expect(doubled.events.filter((type) => type === 'MapIterationSucceeded')).toHaveLength(2);
});

test.each([
  [
    'a wait within a map',
    {
      Each: {
        Type: 'Map',
        ItemProcessor: { StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 1, End: true } } },
        End: true,
      },
    },
  ],
  ['another service', { Put: { Type: 'Task', Resource: 'arn:aws:states:::dynamodb:putItem', End: true } }],
  ['JSONata', { Pass: { Type: 'Pass', QueryLanguage: 'JSONata', End: true } }],
])('%s is refused at the start, not run differently', (_, states) => {
  expect(() => readDefinition(machine(states))).toThrow('the local stack');
});
