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

/** The alarms by their place in the stack; those that each function has, as one. */
function alarms(): readonly string[] {
  const places = template.ofType('AWS::CloudWatch::Alarm').map(([, { Properties }]) => {
    const place = String(Properties['AlarmName']).replace('LicenseService ', '');
    const [owner = '', ...rest] = place.split('/');
    return FUNCTION_NAMES.some((name) => name === owner) ? ['FUNCTION', ...rest].join('/') : place;
  });
  return [...new Set(places)].toSorted();
}

/** Of a row of the runbook: what rings, what happened, and what to do. */
function runbook(): readonly (readonly string[])[] {
  const [, section = ''] = readFileSync('infra/README.md', 'utf8').split('### Runbook\n');
  const [table = ''] = section.split(/^#/m);
  return [...table.matchAll(/^\| `([\w/-]+)` \| (.+) \| (.+) \|$/gm)].map(([, ...cells]) => cells);
}

describe('the runbook', () => {
  test('has an entry for each alarm, and none for an alarm that is not there', () => {
    expect(
      runbook()
        .map(([alarm]) => alarm)
        .toSorted(),
    ).toEqual(alarms());
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
