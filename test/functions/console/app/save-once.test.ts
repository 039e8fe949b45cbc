import { expect, test } from 'vitest';
import { Problem } from '../../../../functions/console/app/api/problem.ts';
import { saveOnce } from '../../../../functions/console/app/api/save-once.ts';

type Version = { readonly version: number; readonly folder: string };

/** Saves the folder Sales on version 1 of what others may have changed meanwhile. */
async function saveOn(now: Version | undefined, code = 'stale-version') {
  const stale: unknown[] = [];
  const save = async () => {
    if (now?.version !== 1) throw new Problem(code, 412);
    return { version: 2 };
  };
  const saved = await saveOnce({
    save,
    read: async () => now,
    isSaved: ({ folder }) => folder === 'Sales',
    onStale: (theirs) => stale.push(theirs),
  }).catch((error: unknown) => Problem.from(error).code);
  return { saved, stale };
}

test('a save on the present version leaves the next one', async () => {
  expect(await saveOn({ version: 1, folder: '' })).toEqual({ saved: { version: 2 }, stale: [] });
});

test('a save that an earlier attempt has made is not made again', async () => {
  const now = { version: 2, folder: 'Sales' };

  expect(await saveOn(now)).toEqual({ saved: now, stale: [] });
});

test.each([[{ version: 2, folder: 'Finance' }], [undefined]])(
  'a save over %o of somebody else is refused',
  async (now) => {
    expect(await saveOn(now)).toEqual({ saved: 'stale-version', stale: [now] });
  },
);

test('a save that is refused for another reason is not taken for made', async () => {
  expect(await saveOn({ version: 2, folder: 'Sales' }, 'set-aside')).toEqual({ saved: 'set-aside', stale: [] });
});
