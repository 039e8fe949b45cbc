import { rmSync } from 'node:fs';
import validateDefinition from 'asl-validator';
import { StateMachine } from 'aws-local-stepfunctions';
import { afterAll, describe, expect, test } from 'vitest';
import { RenewalStopped, RenewalUndone, TryAgain } from '../../shared/platform/errors.ts';
import { MOST_ROWS } from '../../shared/renewals/renewal.ts';
import { type Definition, historyEvents, type State } from './history-events.ts';
import { SynthesizedStack } from './synthesized-stack.ts';

const stack = new SynthesizedStack();
afterAll(() => rmSync(stack.outdir, { recursive: true }));

/** Which function each sentence of the workflow calls. */
const STEPS = {
  'Begin the approved renewal': 'begin-renewal',
  'Import the new licenses held back': 'import-held-back',
  'Find what comes next': 'find-next-step',
  'Switch one batch of licenses': 'switch-licenses',
  'Clean up one batch': 'clean-up-renewal',
  'Undo one batch of licenses': 'undo-licenses',
  'Count what came of it': 'finish-renewal',
  'Stop the renewal so that it can be resumed': 'stop-renewal',
} as const;
type Step = keyof typeof STEPS;

const STOP = 'Stop the renewal so that it can be resumed';
const TERM = "Wait until the new licenses' terms begin";
const NEXT_DAY = "Wait for the next day's cleanup";

const definition = (): Definition => {
  const text: string = stack.only('AWS::StepFunctions::StateMachine').Properties.DefinitionString;
  return JSON.parse(text.replaceAll(/"([a-z-]+)\/function"/g, '"arn:aws:lambda:eu-north-1:111122223333:function:$1"'));
};
const { States } = definition();
const inner = Object.values(States).flatMap((state) => Object.entries(state.ItemProcessor?.States ?? {}));
const all: readonly [string, State][] = [...Object.entries(States), ...inner];
const tasks = all.filter(([, { Type }]) => Type === 'Task');

describe('the definition', () => {
  test('is valid, logs and traces', () => {
    const { isValid, errorsText } = validateDefinition(definition());

    expect({ isValid, errors: errorsText() }).toEqual({ isValid: true, errors: '' });
    expect(stack.only('AWS::StepFunctions::StateMachine').Properties).toMatchObject({
      StateMachineName: 'LicenseService-renewal',
      LoggingConfiguration: { Level: 'ALL' },
      TracingConfiguration: { Enabled: true },
    });
  });

  test('calls the function that each state names', () => {
    expect(Object.fromEntries(tasks.map(([name, { Resource }]) => [name, Resource?.split(':').at(-1)]))).toEqual(STEPS);
  });

  test.each(Object.keys(STEPS))('retries "%s" on errors that may pass, and only on those', (name) => {
    const { Retry = [] } = Object.fromEntries(tasks)[name]!;

    expect(Retry[0]).toEqual({
      ErrorEquals: [new RenewalStopped().name, new RenewalUndone().name],
      MaxAttempts: 0,
    });
    expect(Retry[1]).toMatchObject({
      ErrorEquals: expect.arrayContaining([
        new TryAgain().name,
        'Lambda.TooManyRequestsException',
        'Lambda.ServiceException',
        'Lambda.SdkClientException',
        'Lambda.Unknown',
        'Sandbox.Timedout',
        'ThrottlingException',
      ]),
      BackoffRate: 2,
      JitterStrategy: 'FULL',
    });
    expect(Retry[2]).toMatchObject({ ErrorEquals: ['States.ALL'], MaxAttempts: 3, JitterStrategy: 'FULL' });
  });

  test('stops the renewal when a step fails for good, and succeeds when the renewal was undone during the step', () => {
    const steps = Object.entries(States).filter(([name, { Type }]) => ['Task', 'Map'].includes(Type) && name !== STOP);

    expect(steps).toHaveLength(7);
    for (const [, { Catch }] of steps) {
      expect(Catch).toEqual([
        { ErrorEquals: ['RenewalUndone'], Next: 'The renewal was undone meanwhile', ResultPath: '$.error' },
        { ErrorEquals: ['States.ALL'], Next: STOP, ResultPath: '$.error' },
      ]);
    }
    expect(States[STOP]!.Catch).toEqual([
      { ErrorEquals: ['States.ALL'], Next: 'The renewal has stopped', ResultPath: null },
    ]);
  });

  test('passes ids and numbers of rows only', () => {
    const passed = all.flatMap(([, { Parameters, ItemSelector, Type }]) =>
      Type === 'Pass' ? [] : Object.keys({ ...Parameters, ...ItemSelector }),
    );

    expect([...new Set(passed)].toSorted()).toEqual([
      'error.$',
      'execution.$',
      'from.$',
      'renewalId.$',
      'tenant.$',
      'to.$',
    ]);
  });
});

const ids = { tenant: 'acme', renewalId: 'r1' };
const execution = 'acme.r1';
const counts = { deleted: 90 };

/** Runs the definition on the local engine, every step answered by `answers`; no wait and no pause takes time. */
async function run(answers: Partial<Record<Step, (input: object) => unknown>>, input: object = ids) {
  const calls: [step: string, input: object][] = [];
  const entered: string[] = [];
  let largest = 0;
  const handlers = Object.keys(STEPS).map((name) => [
    name,
    async (given: object) => {
      calls.push([name, given]);
      return (await answers[name as Step]?.(given)) ?? {};
    },
  ]);
  const machine = new StateMachine(definition() as never).run(input as never, {
    overrides: {
      taskResourceLocalHandlers: Object.fromEntries(handlers),
      retryIntervalOverrides: Object.fromEntries(Object.keys(STEPS).map((name) => [name, 0])),
      waitTimeOverrides: { [TERM]: 0, [NEXT_DAY]: 0 },
    },
    context: { Execution: { Name: execution } },
  });
  const listening = (async () => {
    for await (const event of machine.eventLogs) {
      if (!('state' in event) || event.type !== 'StateEntered') continue;
      entered.push(event.state.name);
      largest = Math.max(largest, Buffer.byteLength(JSON.stringify(event.state.input ?? {})));
    }
  })();
  const result = await machine.result.catch((error: Error) => ({ failed: error.message }));
  await listening;
  return { calls, result, entered, largest };
}

const ranges = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ from: index * 50, to: index * 50 + 50 }));
const soon = () => new Date(Date.now() + 86_400_000).toISOString();

/** Answers of `Find what comes next`, one after the other. */
function steps(...next: readonly (readonly [string, number])[]) {
  let at = 0;
  return () => {
    const [name, batches] = next[at] ?? ['finish', 0];
    at += 1;
    return name === 'finish' ? { next: name } : { next: name, at: soon(), batches: ranges(batches) };
  };
}

const FORWARD = {
  'Begin the approved renewal': () => ({ direction: 'forward' }),
  'Find what comes next': steps(['switch', 2], ['clean-up', 2], ['clean-up', 1]),
  'Count what came of it': () => ({ renewalId: 'r1', status: 'finished', counts }),
} as const;

describe('an execution', () => {
  const of = (step: Step, count: number) => ranges(count).map((range) => [step, { ...ids, ...range }]);

  test('imports, switches, cleans up daily until nothing is left, and returns its counts', async () => {
    const { calls, result, entered } = await run({
      ...FORWARD,
      'Find what comes next': steps(['switch', 2], ['clean-up', 2], ['clean-up', 1]),
    });

    expect(result).toEqual({ renewalId: 'r1', status: 'finished', counts });
    expect(calls).toEqual([
      ['Begin the approved renewal', { ...ids, execution }],
      ['Import the new licenses held back', ids],
      ['Find what comes next', ids],
      ...of('Switch one batch of licenses', 2),
      ['Find what comes next', ids],
      ...of('Clean up one batch', 2),
      ['Find what comes next', ids],
      ...of('Clean up one batch', 1),
      ['Find what comes next', ids],
      ['Count what came of it', ids],
    ]);
    expect(entered).toEqual(expect.arrayContaining(['Forward or back?', 'What comes next?', TERM, NEXT_DAY]));
  });

  test('goes back, batch by batch, when the renewal is to be undone (R41)', async () => {
    const { calls, result } = await run({
      'Begin the approved renewal': () => ({ direction: 'undo', batches: ranges(2) }),
      'Count what came of it': () => ({ renewalId: 'r1', status: 'undone', counts }),
    });

    expect(result).toEqual({ renewalId: 'r1', status: 'undone', counts });
    expect(calls.map(([step]) => step)).toEqual([
      'Begin the approved renewal',
      'Undo one batch of licenses',
      'Undo one batch of licenses',
      'Count what came of it',
    ]);
  });

  test('ignores everything but the ids in an input that was edited by hand (F58)', async () => {
    const { calls } = await run(
      { ...FORWARD, 'Find what comes next': steps(['switch', 1]) },
      { ...ids, begun: { direction: 'undo' }, step: { next: 'clean-up' }, upload: 'x', batches: [{ from: 0, to: 1 }] },
    );

    for (const [, input] of calls) {
      expect(
        Object.keys(input).filter((name) => !['tenant', 'renewalId', 'execution', 'from', 'to'].includes(name)),
      ).toEqual([]);
    }
  });

  const BACK = { 'Begin the approved renewal': () => ({ direction: 'undo', batches: ranges(1) }) };
  const reaching = (step: Step) => (step === 'Undo one batch of licenses' ? { ...FORWARD, ...BACK } : FORWARD);
  const failing = Object.keys(STEPS).filter((step) => step !== STOP) as Step[];

  test.each(failing)(
    'stops when "%s" cannot go on: the error is noted, and the execution fails with it (F40)',
    async (step) => {
      const { calls, result } = await run({
        ...reaching(step),
        'Find what comes next': steps(['switch', 1], ['clean-up', 1]),
        [step]: () => {
          throw new RenewalStopped('it cannot go on');
        },
      });

      expect(result).toEqual({ failed: expect.stringContaining('it cannot go on') });
      expect(calls.filter(([name]) => name === step)).toHaveLength(1);
      expect(calls.at(-1)).toEqual([
        STOP,
        { ...ids, execution, error: { Error: 'RenewalStopped', Cause: expect.any(String) } },
      ]);
      if (step === 'Import the new licenses held back') {
        // Nothing was released yet (F48).
        expect(calls.map(([name]) => name)).not.toContain('Switch one batch of licenses');
      }
    },
  );

  test.each(failing)('succeeds when "%s" finds the renewal undone', async (step) => {
    const { calls, result } = await run({
      ...reaching(step),
      'Find what comes next': steps(['switch', 1], ['clean-up', 1]),
      [step]: () => {
        throw new RenewalUndone('it was undone');
      },
    });

    expect(result).toEqual({ renewalId: 'r1', status: 'undone' });
    expect(calls.map(([name]) => name)).not.toContain(STOP);
  });

  test.each([
    ['TryAgain', () => new TryAgain(), 10],
    ['a throttled service', () => Object.assign(new Error('slower'), { name: 'ThrottlingException' }), 10],
    ['anything else', () => new Error('surprise'), 3],
  ] as const)('retries every step after %s, and continues', async (_what, error, tries) => {
    for (const step of failing) {
      let failed = 0;
      const answers: Partial<Record<Step, (input: object) => unknown>> = {
        ...reaching(step),
        'Find what comes next': steps(['switch', 1], ['clean-up', 1]),
      };
      const { result } = await run({
        ...answers,
        [step]: (input: object) => {
          failed += 1;
          if (failed <= tries) throw error();
          return answers[step]?.(input);
        },
      });
      expect(result, step).toMatchObject({ renewalId: 'r1' });
    }
  });

  test.each([
    ['TryAgain', () => new TryAgain('busy'), 11],
    ['anything else', () => new Error('surprise'), 4],
  ] as const)('gives up after many tries of %s, and the renewal can be resumed', async (_what, error, tries) => {
    const { calls, result } = await run({
      ...FORWARD,
      'Find what comes next': steps(['switch', 1]),
      'Switch one batch of licenses': () => {
        throw error();
      },
    });

    expect(result).toEqual({ failed: expect.any(String) });
    expect(calls.filter(([step]) => step === 'Switch one batch of licenses')).toHaveLength(tries);
    expect(calls.at(-1)?.[0]).toBe(STOP);
  });

  test('fails with its own error, also if the error could not be stored', async () => {
    const { result } = await run({
      'Begin the approved renewal': () => {
        throw new RenewalStopped('not approved');
      },
      [STOP]: () => {
        throw new RenewalStopped('nobody listens');
      },
    });

    expect(result).toEqual({ failed: expect.stringContaining('not approved') });
  });
});

describe('the limits of Step Functions (F47)', () => {
  test.each([
    ['3,000 licenses, three days of cleanup', 3_000, [60, 60, 5], 5_000],
    [
      'as many licenses as a plan may have, three days of full cleanup and thirty of a few',
      MOST_ROWS,
      [700, 700, 700, ...Array<number>(30).fill(1)],
      25_000,
    ],
  ] as const)('%s make fewer events than allowed', (_what, licenses, days, most) => {
    const batches = Math.ceil(licenses / 50);
    const forward = [
      ['Begin the approved renewal'],
      ['Forward or back?'],
      ['Import the new licenses held back'],
      ['Find what comes next'],
      ['What comes next?'],
      [TERM],
      ['Switch the licenses batch by batch', batches],
      ...days.flatMap((left) => [
        ['Find what comes next'],
        ['What comes next?'],
        [NEXT_DAY],
        ['Clean up zOld batch by batch', left],
      ]),
      ['Find what comes next'],
      ['What comes next?'],
      ['Count what came of it'],
      ['The renewal is finished'],
    ] as [string, number?][];
    const back = [
      ['Begin the approved renewal'],
      ['Forward or back?'],
      ['Undo the renewal batch by batch', batches],
      ['Count what came of it'],
      ['The renewal is finished'],
    ] as [string, number?][];

    expect(historyEvents(definition(), forward)).toBeLessThan(most);
    expect(historyEvents(definition(), back)).toBeLessThan(most);
    // A tenth of all batches is tried three times more.
    const retried = { every: 10, times: 3 };
    expect(historyEvents(definition(), forward, retried)).toBeLessThan(most);
  });

  test('no state of 20,000 licenses is above 64 KiB', async () => {
    const { largest } = await run({ ...FORWARD, 'Find what comes next': steps(['switch', 400], ['clean-up', 400]) });

    expect(largest).toBeGreaterThan(5_000);
    expect(largest).toBeLessThan(64 * 1024);
  });
});
