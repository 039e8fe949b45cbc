import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** From the bottom up. A file imports from its own floor or from one below. */
const FLOORS = [
  ['shared/licensing', 'shared/license-file'],
  ['shared/platform'],
  ['shared/aws'],
  ['shared/store'],
  [
    'shared/sign-in',
    'shared/imports',
    'shared/renewals',
    'shared/history',
    'shared/events',
    'shared/audit',
    'shared/calendars',
  ],
  ['shared/administration'],
  ['shared/compose'],
  ['functions'],
  ['infra'],
];

type Arrow = { readonly from: string; readonly to: string; readonly isType: boolean };

const arrows = globSync('{shared,functions,infra}/**/*.ts').flatMap((from): readonly Arrow[] => {
  const imports = readFileSync(from, 'utf8').matchAll(/^import (type )?[^;]*? from '(\.[^']+)';/gm);
  return [...imports].map(([, type, path = '']) => ({
    from,
    to: join(dirname(from), path),
    isType: type !== undefined,
  }));
});

function floorOf(path: string): number {
  return FLOORS.findIndex((folders) => folders.some((folder) => path.startsWith(`${folder}/`)));
}

/** Whether the folder leads back to itself. */
function isInCircle(folder: string, next: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  const seen = new Set<string>();
  const open = [...(next.get(folder) ?? [])];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    if (one === folder) return true;
    if (seen.has(one)) continue;
    seen.add(one);
    open.push(...(next.get(one) ?? []));
  }
  return false;
}

describe('the folders', () => {
  it('all have a layer', () => {
    expect(arrows.length).toBeGreaterThan(1_000);
    expect(arrows.filter(({ from }) => floorOf(from) < 0)).toEqual([]);
  });

  it('import only types from a higher layer', () => {
    expect(arrows.filter(({ from, to, isType }) => floorOf(to) > floorOf(from) && !isType)).toEqual([]);
  });

  it('form no circle', () => {
    const next = new Map<string, Set<string>>();
    for (const { from, to } of arrows) {
      // A function's folder may use another's; together they are one floor.
      const [a, b] = [from, to].map((path) => (path.startsWith('functions/') ? 'functions' : dirname(path))) as [
        string,
        string,
      ];
      if (a !== b) next.set(a, (next.get(a) ?? new Set()).add(b));
    }

    expect([...next.keys()].filter((folder) => isInCircle(folder, next))).toEqual([]);
  });
});
