import { existsSync, globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { LIMITS, MOST_ASSIGNED, MOST_FOLDERS } from '../../shared/licensing/limits.ts';
import { EVENT_TYPES } from '../../shared/platform/ports/service-event.ts';

const readme = readFileSync('README.md', 'utf8');
const events = readFileSync('shared/events/README.md', 'utf8');
const operating = readFileSync('infra/README.md', 'utf8');
const documents = globSync('{README.md,.github/*.md,functions/README.md,infra/**/*.md,shared/**/*.md,test/*.md}');
const scripts: Record<string, string> = JSON.parse(readFileSync('package.json', 'utf8')).scripts;

describe('the README', () => {
  it('lists every event, and none that is never sent', () => {
    const [section = ''] = (events.split('## Events\n')[1] ?? '').split('\n## ');
    const told = [...section.matchAll(/^\| `([\w.]+)` \|/gm)].map(([, type]) => type);

    expect(told.toSorted()).toEqual(EVENT_TYPES.toSorted());
  });

  it('has the limits of the settings', () => {
    const [, section = ''] = operating.match(/^### Limits\n(.*?)^#/ms) ?? [];
    const rows = [...section.matchAll(/^\| `(\w+)` \| ([\d,]+) (.*) \| ([\d,]+) \|$/gm)];
    const told = rows.map(([, setting, most = '', what, longest = '']) => {
      const [mostOfThem, bytes] = [most, longest].map((text) => Number(text.replace(',', '')));
      return { setting, most: mostOfThem, longest: bytes, what };
    });

    expect(told).toEqual(LIMITS);
    expect(section).toContain(`at most ${MOST_FOLDERS} folders`);
    expect(section).toContain(`at most ${MOST_ASSIGNED} licenses`);
  });

  it('has at most 150 lines, none over 160 characters outside tables', () => {
    const lines = readme.split('\n');

    expect(lines.length).toBeLessThanOrEqual(151);
    expect(lines.filter((line) => line.length > 160 && !line.startsWith('|'))).toEqual([]);
  });
});

describe('every document', () => {
  it.each(documents)('%s names only existing files and folders', (document) => {
    const text = readFileSync(document, 'utf8');
    const named = [...text.matchAll(/`((?:infra|functions|shared|test)\/[\w./-]*)`/g)].map(([, path = '']) => path);

    expect(named.filter((path) => !existsSync(path) && !path.includes('NAME'))).toEqual([]);
  });

  it.each(documents)('%s names only existing commands', (document) => {
    const text = readFileSync(document, 'utf8');
    const named = [...text.matchAll(/npm run (?:-s )?([\w:-]+)/g)].map(([, name = '']) => name);

    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  });
});
