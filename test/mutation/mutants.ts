import { globSync, readFileSync } from 'node:fs';
import { RENEWAL_STATUSES } from '../../shared/licensing/vocabulary.ts';
import { EDITS, type Edit } from './edits.ts';

/** One safeguard taken out of one file. */
export type Mutant = {
  readonly file: string;
  readonly line: number;
  /** What was taken out, for people. */
  readonly text: string;
  readonly kind: 'clause' | 'clauses' | 'status' | 'refused transition' | 'guard' | 'by hand';
  readonly mutated: string;
};

/** A clause that holds of every item and of none: in the place of one, it takes that one out. */
const ALWAYS = "{ any: [{ absent: 'pk' }, { present: 'pk' }] }";

const CLAUSE = /(?<![\w.'])(?<!function )(absent|present|equal|different|atLeast|atMost|any|asRead)\(/g;

/**
 * A function that gives several clauses, and the table of a state's: each use of one is a part of that write's
 * condition.
 */
const GIVES_CLAUSES = /function (\w+)\([^)]*\): readonly Clause\[\] \{/g;
const FACTS_OF_STATE = /STATE_FACTS\[\w+\]/g;

/** The status that a step of a renewal is noted in is one of any. */
const NOTED = /(?<!function )noteProgress\(/g;
const ANY_STATUS = JSON.stringify(RENEWAL_STATUSES);

/**
 * Every clause of every write's condition, also where several writes share one; every refused transition of a license's
 * life, and every guard of an allowed one; and what `edits.ts` lists.
 */
export function allMutants(root: string): readonly Mutant[] {
  const files = globSync('{shared,functions}/**/*.ts', { cwd: root }).toSorted();
  const sources = files.map((file) => [file, readFileSync(`${root}/${file}`, 'utf8')] as const);
  const names = sources.flatMap(([, source]) => [...source.matchAll(GIVES_CLAUSES)].map(([, name]) => name));
  const uses = new RegExp(`(?<!function )\\b(${names.join('|')})\\(`, 'g');
  const derived = sources.flatMap(([file, source]) => {
    const clauses = file.endsWith('/clause.ts') || !source.includes('clause.ts') ? [] : clauseMutants(file, source);
    const shared = file.startsWith('shared/licensing/') ? [] : sharedMutants(file, source, uses);
    const ofLife =
      file === 'shared/licensing/license/lifecycle.ts'
        ? [...refusalMutants(file, source), ...guardMutants(file, source)]
        : [];
    return [...clauses, ...shared, ...statusMutants(file, source), ...ofLife];
  });
  return [...derived, ...EDITS.map((edit) => editMutant(edit, readFileSync(`${root}/${edit.file}`, 'utf8')))];
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

/** One write does without the clauses that others have as well. */
function sharedMutants(file: string, source: string, uses: RegExp): readonly Mutant[] {
  const calls = [...source.matchAll(uses)].map(({ index }) => {
    return mutant(file, source, 'clauses', index, closingOf(source, source.indexOf('(', index)) + 1, '[]');
  });
  const facts = [...source.matchAll(FACTS_OF_STATE)].map(({ index, 0: text }) => {
    return mutant(file, source, 'clauses', index, index + text.length, '[]');
  });
  return [...calls, ...facts];
}

/** A step of a renewal is noted whatever came in between. */
function statusMutants(file: string, source: string): readonly Mutant[] {
  return [...source.matchAll(NOTED)].map(({ index }) => {
    const open = source.indexOf('(', index);
    const [, , progress = [0, 0], statuses] = partsOf(source, open);
    if (statuses === undefined) throw new Error(`${file}: a note of a renewal names no status`);
    const made = mutant(file, source, 'status', ...statuses, ANY_STATUS);
    return { ...made, text: `${oneLine(source.slice(...progress))} while ${made.text}` };
  });
}

function editMutant({ file, what, from, to }: Edit, source: string): Mutant {
  const start = source.indexOf(from);
  if (start < 0 || source.includes(from, start + 1)) throw new Error(`${file}: not there exactly once: ${from}`);
  return { ...mutant(file, source, 'by hand', start, start + from.length, to), text: what };
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
    text: oneLine(source.slice(start, end)),
    mutated: `${source.slice(0, start)}${instead}${source.slice(end)}`,
  };
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

function lineOf(source: string, at: number): string {
  return source.slice(source.lastIndexOf('\n', at) + 1, source.indexOf('\n', at)).trim();
}

function closingOf(source: string, open: number): number {
  return partsOf(source, open).at(-1)![1];
}

/**
 * Where each argument of a call begins and ends, from its opening bracket; the last one ends where the bracket closes.
 */
function partsOf(source: string, open: number): readonly (readonly [start: number, end: number])[] {
  const parts: (readonly [number, number])[] = [];
  let depth = 0;
  let start = open + 1;
  for (let at = open; at < source.length; at += 1) {
    const character = source[at] ?? '';
    if ('([{'.includes(character)) depth += 1;
    if (')]}'.includes(character)) depth -= 1;
    if (depth === 0 || (depth === 1 && character === ',')) {
      parts.push([start, at]);
      start = at + 1;
    }
    if (depth === 0) return parts;
  }
  throw new Error('a bracket is not closed');
}
