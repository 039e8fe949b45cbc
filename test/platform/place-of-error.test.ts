import { expect, test } from 'vitest';
import { placeOfError } from '../../shared/platform/place-of-error.ts';

const thrown = (name: string, ...lines: readonly string[]) =>
  Object.assign(new Error('with ada in it'), { name, stack: [`${name}: with ada in it`, ...lines].join('\n') });

test('names the file and line of our own code, also below lines of Node and of libraries', () => {
  const error = thrown(
    'TypeError',
    '    at fetch (node:internal/deps/undici/undici:15:3)',
    '    at async send (/var/task/node_modules/@smithy/core/dist-es/client.ts:4:2)',
    '    at async fetchJwks (/var/shared/sign-in/providers/fetch-jwks.ts:31:20)',
    '    at async answerHook (file:///var/functions/session-hooks/answer-hook.ts:58:9)',
  );
  expect(placeOfError(error)).toEqual({ why: 'TypeError', where: 'shared/sign-in/providers/fetch-jwks.ts:31' });
});

test('names a line outside of any function', () => {
  expect(placeOfError(thrown('Error', '    at file:///var/functions/login/handler.ts:7:1')).where).toBe(
    'functions/login/handler.ts:7',
  );
});

test('names the first line of the stack when none is ours', () => {
  expect(placeOfError(thrown('Error', '    at node:internal/timers:10:2')).where).toBe('node:internal/timers:10:2');
});

test('has a name for what is no error, and nothing of its text', () => {
  expect(placeOfError('with ada in it')).toEqual({ why: 'unknown', where: undefined });
  expect(JSON.stringify(placeOfError(thrown('Error')))).not.toContain('ada');
});

test('finds the line that threw', () => {
  expect(placeOfError(new Error('here')).where).toMatch(/place-of-error\.test\.ts/);
});
