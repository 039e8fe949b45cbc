import { expect, test } from 'vitest';
import { phasesOf } from '../../../functions/console/app/renewals/phases.ts';

const renewal = {
  status: 'running' as const,
  counts: { replaced: 10, extended: 0, shortfall: 0, leftOver: 0, deleted: 0, stillInUse: 0 },
  progress: { rows: 10, switched: 0, inZOld: 0, deleted: 0, skipped: 0, undone: 0 },
  switchAt: '2027-12-15T00:00:00Z',
};

const states = (some: Parameters<typeof phasesOf>[0]) => phasesOf(some).map(({ id, state }) => `${id} ${state}`);

test.each([
  ['approved', {}, ['hold-back next', 'switch next', 'wait next', 'delete next']],
  ['running', {}, ['hold-back now', 'switch next', 'wait next', 'delete next']],
  ['waiting-for-term', {}, ['hold-back done', 'switch now', 'wait next', 'delete next']],
  ['running', { switched: 4 }, ['hold-back done', 'switch now', 'wait next', 'delete next']],
  ['stopped', { switched: 4 }, ['hold-back done', 'switch now', 'wait next', 'delete next']],
  ['waiting-for-cleanup', { switched: 10, inZOld: 10 }, ['hold-back done', 'switch done', 'wait now', 'delete next']],
  ['waiting-for-cleanup', { switched: 10, deleted: 9 }, ['hold-back done', 'switch done', 'wait done', 'delete now']],
  ['finished', { switched: 10, deleted: 10 }, ['hold-back done', 'switch done', 'wait done', 'delete done']],
] as const)('a renewal that is %s with %j is in its phase', (status, progress, expected) => {
  expect(states({ ...renewal, status, progress: { ...renewal.progress, ...progress } })).toEqual(expected);
});

test('an undo is the last phase, and no other goes on beside it', () => {
  const undoing = {
    ...renewal,
    status: 'undoing' as const,
    progress: { ...renewal.progress, switched: 10, undone: 3, skipped: 1 },
    undo: { actor: 'aino', at: '2027-12-16T08:00:00Z' },
  };

  expect(states(undoing)).toEqual(['hold-back done', 'switch next', 'wait next', 'delete next', 'undo now']);
  expect(phasesOf(undoing).at(-1)).toMatchObject({ done: 4, of: 10 });
  expect(states({ ...undoing, status: 'undone', undoneAt: '2027-12-16T08:01:00Z' }).at(-1)).toBe('undo done');
});
