import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openApi } from '../../../functions/admin-api/open-api.ts';
import { PROBLEMS } from '../../../functions/admin-api/problems.ts';
import { ROUTES } from '../../../functions/admin-api/routes.ts';
import { withCodes } from '../../../functions/admin-api/sentence-codes.ts';
import { FAULT_CODES } from '../../../shared/license-file/faults.ts';
import { codesOf, SENTENCES, type Subject } from '../../../shared/licensing/sentences.ts';
import { anApiWorld } from '../../fakes/api-world.ts';
import { DOCUMENT, operationsOf } from './described.ts';

type Schema = { readonly properties?: Readonly<Record<string, unknown>>; readonly [name: string]: unknown };

/** The objects in a schema, each with its members. */
function objectsIn(schema: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties } = schema as Schema;
  const own = typeof properties === 'object' ? [properties] : [];
  return [...own, ...Object.values(schema).flatMap(objectsIn)];
}

/** The members of answers that hold a sentence for people, and what may stand beside each for programs. */
const SENTENCE_MEMBERS: Readonly<Record<string, readonly string[]>> = {
  licenseInformation: ['licenseInformationCode'],
  why: ['whyCode', 'code'],
  detail: ['detailCode', 'code'],
  // The text of a whole report or renewal has its status. An audit calls its code `invariant`, a stopped renewal `name`.
  text: ['code', 'invariant', 'status', 'name'],
  reasonText: ['reason'],
  message: ['code'],
};

describe('each sentence of an answer', () => {
  it.each(operationsOf(DOCUMENT).map((operation) => [operation.id, operation] as const))(
    'has a code beside it in %s',
    (_, { responses }) => {
      const schemas = Object.entries(responses).flatMap(([status, { content = {} }]) =>
        Number(status) < 300 ? Object.values(content).map(({ schema }) => schema) : [],
      );
      const uncoded = objectsIn(schemas).flatMap((members) =>
        Object.entries(SENTENCE_MEMBERS).flatMap(([member, codes]) => {
          const schema = members[member] as { readonly type?: string; readonly enum?: unknown } | undefined;
          const isSentence = schema?.type === 'string' && schema.enum === undefined;
          return isSentence && !codes.some((code) => Object.hasOwn(members, code)) ? [member] : [];
        }),
      );

      expect(uncoded).toEqual([]);
    },
  );
});

describe('the description', () => {
  const { description } = openApi(ROUTES).info;

  it.each([
    ...(Object.keys(SENTENCES) as Subject[]).flatMap((subject) => codesOf(subject)),
    ...FAULT_CODES,
    ...Object.keys(PROBLEMS),
  ])('has the code %s', (code) => {
    expect(description).toContain(`\`${code}\``);
  });

  it('has no code of a fault that no code of the service names', () => {
    const sources = globSync(
      '{shared/license-file,shared/imports,shared/platform/ports,shared/licensing/tenant,functions/import-licenses}/**/*.ts',
    )
      .filter((file) => !file.endsWith('license-file/faults.ts'))
      .map((file) => readFileSync(file, 'utf8'))
      .join('\n');
    // Some are made of a prefix and the reason.
    const isNamed = (code: string) =>
      [code, code.replace(/^(upload|signature)-/, '')].some(
        (name) => sources.includes(`'${name}'`) || sources.includes(` ${name}:`),
      );

    expect(FAULT_CODES.filter((code) => !isNamed(code) && code !== 'more-faults')).toEqual([]);
  });
});

describe('answers over HTTP', () => {
  it('have the code of the license information, and of each step of the last receipt', async () => {
    const { call, login } = await anApiWorld();
    await login('cyd');

    const { body } = await call({ method: 'GET', path: '/tenants/acme/user-cards/dan' });

    expect(body).toMatchObject({
      licenseInformation: 'dedicated, serial USED',
      licenseInformationCode: 'dedicated',
      licenseInformationMembers: { type: 'dedicated', serialNumber: 'USED' },
      lastReceipt: {
        steps: expect.arrayContaining([expect.objectContaining({ why: 'none free', whyCode: 'none-free' })]),
      },
    });
  });

  it('have the reason of a denial as a sentence', async () => {
    const { call, table } = await anApiWorld();
    await table.write([{ update: { pk: 'U#acme#ada', sk: 'CARD' }, set: [['level', 'no-access']], onlyIf: [] }]);

    const explained = await call({ method: 'GET', path: '/tenants/acme/user-cards/ada/explanation' });

    expect(explained.body).toMatchObject({ reason: 'no-access', reasonText: 'The user has no access.' });
  });

  it('have the code and the text of a layout warning', () => {
    const warning = { warning: 'expired-assigned', folder: 'Sales', count: 2, serialNumbers: ['A', 'B'] };

    expect(withCodes('check-layout', { warnings: [warning] })).toEqual({
      warnings: [
        {
          ...warning,
          code: 'expired-assigned',
          text: 'Expired licenses are still assigned. They keep their users from other licenses (2 licenses).',
        },
      ],
    });
  });

  it('have the code of a row’s reason, also of one that was stored by an earlier release', () => {
    const why = 'license A1 was changed since, at 2026-03-02T08:15:32.159Z by olga (move-license)';

    expect(withCodes('get-renewal', { rows: [{ row: 1, why }, { row: 2 }] })).toEqual({
      rows: [
        {
          row: 1,
          why,
          whyCode: 'changed-since',
          whyMembers: { serialNumber: 'A1', at: '2026-03-02T08:15:32.159Z', actor: 'olga', cause: 'move-license' },
        },
        { row: 2 },
      ],
    });
  });

  it('are left alone when their command has no sentences', () => {
    const answer = { licenseInformation: 'none: the user has no access', why: 'none free' };

    expect(withCodes('get-tenant', answer)).toBe(answer);
  });
});
