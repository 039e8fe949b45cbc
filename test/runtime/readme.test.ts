import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EVENT_TYPES } from '../../shared/events/service-event.ts';

const readme = readFileSync('README.md', 'utf8');
const scripts: Record<string, string> = JSON.parse(readFileSync('package.json', 'utf8')).scripts;

describe('the README', () => {
  it('tells of every event, and of none that nobody sends', () => {
    const [, section = ''] = readme.split('### Events\n');
    const told = [...section.matchAll(/^\| `([\w.]+)` \|/gm)].map(([, type]) => type);

    expect(told.toSorted()).toEqual(EVENT_TYPES.toSorted());
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
