import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { FUNCTION_NAMES } from '../../functions/functions.ts';
import { synthesize } from '../../infra/local/synthesize.ts';
import { readTemplate, type Template } from '../../infra/local/template.ts';
import { METRICS } from '../../shared/platform/metrics.ts';

let template: Template;
beforeAll(async () => {
  template = readTemplate(await synthesize(), { 'https://issuer.of.the.local.stack': 'https://issuer.example' });
});

/** Returns the alarms by the name of their runbook entry: those that each function has, as one. */
function alarms(): ReadonlyMap<string, string> {
  return new Map(
    template.ofType('AWS::CloudWatch::Alarm').map(([, { Properties }]) => {
      const place = String(Properties['AlarmName']).replace('LicenseService ', '');
      const [owner = '', ...rest] = place.split('/');
      const name = FUNCTION_NAMES.some((one) => one === owner) ? ['FUNCTION', ...rest].join('/') : place;
      return [name, String(Properties['AlarmDescription'])];
    }),
  );
}

/** Returns the paragraphs of each entry of the runbook by its alarm. */
function runbook(): ReadonlyMap<string, readonly string[]> {
  const [, section = ''] = readFileSync('infra/README.md', 'utf8').split('### Runbook\n');
  const [text = ''] = section.split(/^###? /m);
  const entries = [...text.matchAll(/^#### `([\w/-]+)`\n+([\s\S]*?)(?=^####|(?![\s\S]))/gm)];
  return new Map(
    entries.map(([, alarm = '', body = '']) => [
      alarm,
      body
        .trim()
        .split(/\n{2,}/)
        .map((paragraph) => paragraph.replaceAll('\n', ' ')),
    ]),
  );
}

describe('the runbook', () => {
  test('has an entry for each alarm, and no entry without an alarm', () => {
    expect([...runbook().keys()].toSorted()).toEqual([...alarms().keys()].toSorted());
  });

  test('says in three short paragraphs what an alarm means, how to look and what to do', () => {
    const entries = [...runbook()];

    expect(entries.filter(([, paragraphs]) => paragraphs.length !== 3)).toEqual([]);
    expect(entries.filter(([, paragraphs]) => paragraphs.some((one) => one.length > 400 || one.length < 20))).toEqual(
      [],
    );
  });

  test('begins with the words of the alarm itself', () => {
    const described = [...alarms()].map(([name, text]) => [name, text]);
    const meant = [...alarms().keys()].map((name) => [
      name,
      `${runbook().get(name)?.[0]} See the runbook in infra/README.md.`,
    ]);

    expect(described).toEqual(meant);
  });

  test('each function has its alarm, and every alarm notifies the operator’s topic', () => {
    const names = template.ofType('AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties['AlarmName']);

    expect(names).toEqual(expect.arrayContaining(FUNCTION_NAMES.map((name) => `LicenseService ${name}/errors`)));
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('the dashboard', () => {
  test('shows every metric that the service measures, every function and every queue', () => {
    const [[, dashboard] = []] = template.ofType('AWS::CloudWatch::Dashboard');
    const body = String(dashboard?.Properties['DashboardBody']);
    const queues = template.ofType('AWS::SQS::Queue').map(([logicalId]) => template.physicalName(logicalId));

    const shown = [...Object.keys(METRICS), ...FUNCTION_NAMES.map((name) => `LicenseService-${name}`), ...queues];
    expect(shown.filter((name) => !body.includes(name))).toEqual([]);
    expect(() => JSON.parse(body)).not.toThrow();
  });
});
