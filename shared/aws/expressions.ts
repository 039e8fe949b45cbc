import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Clause, Path, Value } from '../licensing/clause.ts';
import type { Write } from '../platform/ports/table.ts';
import { attributeName, attributeOf } from './attributes.ts';

/**
 * The fields of a request that express a write's clauses and changes. Empty ones are left out, since DynamoDB refuses
 * them.
 */
export type Expressions = {
  ConditionExpression?: string;
  UpdateExpression?: string;
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Record<string, AttributeValue>;
};

/** Compiles the clauses and changes of a write into DynamoDB's expressions. */
export function expressionsOf(write: Write): Expressions {
  const names: Record<string, string> = {};
  const values: Record<string, AttributeValue> = {};
  const name = (path: Path): string =>
    (typeof path === 'string' ? [path] : path).map((part) => placeholder('#', names, attributeName(part))).join('.');
  const value = (one: Value): string => placeholder(':', values, attributeOf(one));

  const result: Expressions = {};
  if (write.onlyIf !== undefined && write.onlyIf.length > 0) {
    result.ConditionExpression = write.onlyIf.map((clause) => condition(clause, name, value)).join(' AND ');
  }
  if ('update' in write) {
    const { set = [], remove = [], add = [] } = write;
    const parts = [
      ...section(
        'SET',
        set.map(([path, one]) => `${name(path)} = ${value(one)}`),
      ),
      ...section('REMOVE', remove.map(name)),
      ...section(
        'ADD',
        add.map(([attribute, amount]) => `${name(attribute)} ${value(amount)}`),
      ),
    ];
    if (parts.length > 0) result.UpdateExpression = parts.join(' ');
  }
  if (Object.keys(names).length > 0) result.ExpressionAttributeNames = names;
  if (Object.keys(values).length > 0) result.ExpressionAttributeValues = values;
  return result;
}

function section(keyword: string, changes: readonly string[]): readonly string[] {
  return changes.length === 0 ? [] : [`${keyword} ${changes.join(', ')}`];
}

function condition(clause: Clause, name: (path: Path) => string, value: (one: Value) => string): string {
  if ('absent' in clause) return `attribute_not_exists(${name(clause.absent)})`;
  if ('present' in clause) return `attribute_exists(${name(clause.present)})`;
  if ('equal' in clause) return `${name(clause.equal)} = ${value(clause.to)}`;
  if ('different' in clause) return `${name(clause.different)} <> ${value(clause.from)}`;
  if ('atLeast' in clause) return `${name(clause.atLeast)} >= ${value(clause.value)}`;
  if ('atMost' in clause) return `${name(clause.atMost)} <= ${value(clause.value)}`;
  return `(${clause.any.map((one) => condition(one, name, value)).join(' OR ')})`;
}

/** Returns the placeholder of a name or value. An equal one gets the same placeholder. */
function placeholder<Entry>(sign: '#' | ':', known: Record<string, Entry>, entry: Entry): string {
  const found = Object.keys(known).find((key) => known[key] === entry);
  if (found !== undefined) return found;
  const key = `${sign}${Object.keys(known).length}`;
  known[key] = entry;
  return key;
}
