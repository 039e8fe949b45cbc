import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { LIMITS, MOST_ASSIGNED, MOST_FOLDERS } from '../../shared/licensing/limits.ts';
import { EVENT_TYPES } from '../../shared/platform/ports/service-event.ts';

const readme = readFileSync('README.md', 'utf8');
const scripts: Record<string, string> = JSON.parse(readFileSync('package.json', 'utf8')).scripts;

describe('the README', () => {
  it('tells of every event, and of none that nobody sends', () => {
    const [section = ''] = (readme.split('### Events\n')[1] ?? '').split('\n## ');
    const told = [...section.matchAll(/^\| `([\w.]+)` \|/gm)].map(([, type]) => type);

    expect(told.toSorted()).toEqual(EVENT_TYPES.toSorted());
  });

  it('tells the limits of settings as they are', () => {
    const [, section = ''] = readme.split('### Limits\n');
    const rows = [...section.matchAll(/^\| `(\w+)` \| ([\d,]+) (.*) \| ([\d,]+) \|$/gm)];
    const told = rows.map(([, setting, most = '', what, longest = '']) => {
      const [mostOfThem, bytes] = [most, longest].map((text) => Number(text.replace(',', '')));
      return { setting, most: mostOfThem, longest: bytes, what };
    });

    expect(told).toEqual(LIMITS);
    expect(section).toContain(`at most ${MOST_FOLDERS} folders`);
    expect(section).toContain(`at most ${MOST_ASSIGNED} licenses`);
  });

  it('names only files and folders that are there', () => {
    const named = [...readme.matchAll(/`((?:infra|functions|shared|test)\/[\w./-]*)`/g)].map(([, path = '']) => path);

    expect(named.length).toBeGreaterThan(40);
    expect(named.filter((path) => !existsSync(path))).toEqual([]);
  });

  it('names only commands that are there', () => {
    const named = [...readme.matchAll(/npm run (?:-s )?([\w:-]+)/g)].map(([, name = '']) => name);

    expect(named.length).toBeGreaterThan(4);
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  });
});
