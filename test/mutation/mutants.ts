import { globSync, readFileSync } from 'node:fs';

/** One safeguard taken out of one file. */
export type Mutant = {
  readonly file: string;
  readonly line: number;
  /** What was taken out, for people. */
  readonly text: string;
  readonly kind: 'clause' | 'refused transition' | 'guard';
  readonly mutated: string;
};

/** A clause that holds of every item and of none: in the place of one, it takes that one out. */
const ALWAYS = "{ any: [{ absent: 'pk' }, { present: 'pk' }] }";

const CLAUSE = /(?<![\w.'])(?<!function )(absent|present|equal|different|atLeast|atMost|any|asRead)\(/g;

/** Every clause of every write's condition, every refused transition of a license's life, and every guard of an allowed one. */
export function allMutants(root: string): readonly Mutant[] {
  const files = globSync('{shared,functions}/**/*.ts', { cwd: root }).toSorted();
  return files.flatMap((file) => {
    const source = readFileSync(`${root}/${file}`, 'utf8');
    const clauses = file.endsWith('/clause.ts') || !source.includes('clause.ts') ? [] : clauseMutants(file, source);
    const ofLife =
      file === 'shared/licensing/lifecycle.ts' ? [...refusalMutants(file, source), ...guardMutants(file, source)] : [];
    return [...clauses, ...ofLife];
  });
}

function clauseMutants(file: string, source: string): readonly Mutant[] {
  const mutants: Mutant[] = [];
  let end = 0;
  for (const { index } of source.matchAll(CLAUSE)) {
    // A clause inside another is a part of that one.
    if (index < end) continue;
    end = closingOf(source, source.indexOf('(', index)) + 1;
    mutants.push(mutant(file, source, 'clause', index, end, ALWAYS));
  }
  return mutants;
}

/** A refused transition happens all the same. */
function refusalMutants(file: string, source: string): readonly Mutant[] {
  const from = source.indexOf('export const TRANSITIONS');
  const to = source.indexOf('\n};', from);
  let event = '';
  return [...source.slice(from, to).matchAll(/^ {2}'?([\w-]+)'?: \{$|^ {4}('?[\w-]+'?): ('[\w-]+'),$/gm)].flatMap(
    (match) => {
      event = match[1] ?? event;
      if (match[2] === undefined || match[3] === undefined) return [];
      const start = from + match.index + match[0].indexOf(match[3], match[2].length + 4);
      const made = mutant(file, source, 'refused transition', start, start + match[3].length, "['free']");
      return [{ ...made, text: `${event} when ${match[2]}: ${match[3]}` }];
    },
  );
}

/** What a guard refuses is let through. */
function guardMutants(file: string, source: string): readonly Mutant[] {
  const from = source.indexOf('function guard(');
  const to = source.indexOf('\n}\n', from);
  return [...source.slice(from, to).matchAll(/(?<=(?:\? undefined : |\? |return ))'[\w-]+'/g)].map((match) => {
    const start = from + match.index;
    return {
      ...mutant(file, source, 'guard', start, start + match[0].length, 'undefined'),
      text: lineOf(source, start),
    };
  });
}

function mutant(
  file: string,
  source: string,
  kind: Mutant['kind'],
  start: number,
  end: number,
  instead: string,
): Mutant {
  return {
    file,
    kind,
    line: source.slice(0, start).split('\n').length,
    text: source.slice(start, end).replaceAll(/\s+/g, ' '),
    mutated: `${source.slice(0, start)}${instead}${source.slice(end)}`,
  };
}

function lineOf(source: string, at: number): string {
  return source.slice(source.lastIndexOf('\n', at) + 1, source.indexOf('\n', at)).trim();
}

function closingOf(source: string, open: number): number {
  let depth = 0;
  for (let at = open; at < source.length; at += 1) {
    if (source[at] === '(') depth += 1;
    if (source[at] === ')') depth -= 1;
    if (depth === 0) return at;
  }
  throw new Error('a bracket is not closed');
}
