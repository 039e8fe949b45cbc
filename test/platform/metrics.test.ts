import { describe, expect, it } from 'vitest';
import { embeddedMetrics, type Measure } from '../../shared/platform/metrics.ts';
import { measuredLogIn } from '../../shared/sign-in/sessions/measured-log-in.ts';
import { aLicense, aWorld, fixedClock } from '../fakes/world.ts';

/** Every value with its dimensions. */
function recording() {
  const measured: { values: object; dimensions: object }[] = [];
  const measure: Measure = (values, dimensions) => void measured.push({ values, dimensions });
  return { measured, measure };
}

const LOGIN = { tenant: 'acme', user: 'ada', session: 's1', kind: 'login', claims: {}, actor: 'test' } as const;

describe('metrics', () => {
  it('are one line in CloudWatch’s embedded format', () => {
    const lines: string[] = [];
    const measure = embeddedMetrics('LicenseService', fixedClock('2026-03-02T08:00:00.000Z'), (line) =>
      lines.push(line),
    );

    measure({ Logins: 1, LoginLatency: 12 }, { Outcome: 'allocated' }, [[], ['Outcome']]);

    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^[^\n]*\n$/);
    expect(JSON.parse(lines[0]!)).toEqual({
      _aws: {
        Timestamp: Date.parse('2026-03-02T08:00:00.000Z'),
        CloudWatchMetrics: [
          {
            Namespace: 'LicenseService',
            Dimensions: [[], ['Outcome']],
            Metrics: [
              { Name: 'Logins', Unit: 'Count' },
              { Name: 'LoginLatency', Unit: 'Milliseconds' },
            ],
          },
        ],
      },
      Outcome: 'allocated',
      Logins: 1,
      LoginLatency: 12,
    });
  });

  it.each([
    ['Myynti/Pääkonttori', 'Myynti/P%C3%A4%C3%A4konttori'],
    ['Helsinki/IT & support', 'Helsinki/IT & support'],
    ['50 %', '50 %25'],
    ['tab\there', 'tab%09here'],
    ['日本 🏢', '%E6%97%A5%E6%9C%AC %F0%9F%8F%A2'],
    ['  ', '%20%20'],
    ['', '%'],
    ['ä'.repeat(171), `${'%C3%A4'.repeat(171).slice(0, 1_000)}~`],
  ])('have dimensions of printable ASCII: %j', (folder, expected) => {
    const lines: string[] = [];
    const measure = embeddedMetrics('LicenseService', fixedClock(), (line) => lines.push(line));

    measure({ Vacancies: 1 }, { Folder: folder });

    const value = JSON.parse(lines[0]!).Folder;
    expect(value).toMatch(/^[\x20-\x7e]{1,1024}$/);
    expect(value.trim()).not.toBe('');
    expect(value.startsWith(expected)).toBe(true);
  });

  it('keep different long folders apart', () => {
    const lines: string[] = [];
    const measure = embeddedMetrics('LicenseService', fixedClock(), (line) => lines.push(line));

    for (const end of ['a', 'b']) measure({ Vacancies: 1 }, { Folder: `${'ö'.repeat(1_000)}${end}` });

    const [one, other] = lines.map((line) => JSON.parse(line).Folder);
    expect(one).not.toBe(other);
    expect(one).toHaveLength(1_024);
  });

  it('report a login’s outcome, time and failed attempts, and nothing about the user', async () => {
    const { deps, clock } = await aWorld({ licenses: [aLicense()] });
    const { measured, measure } = recording();
    let isFirst = true;
    const write: typeof deps.table.write = async (writes) => {
      clock.move(30);
      if (!isFirst) return deps.table.write(writes);
      isFirst = false;
      return { done: false, refusals: writes.map(() => ({ because: 'conflict' })) };
    };

    await measuredLogIn({ ...deps, measure, table: { ...deps.table, write } }, { ...LOGIN, at: clock.now() });

    expect(measured).toEqual([
      {
        values: { Logins: 1, LoginLatency: expect.any(Number), LoginAttempts: 2, LoginConflicts: 1 },
        dimensions: { Outcome: 'allocated' },
      },
    ]);
    expect(measured[0]?.values).toHaveProperty(
      'LoginLatency',
      expect.toSatisfy((ms: number) => ms >= 60),
    );
  });

  it('count a failed login as undecided, and rethrow its error', async () => {
    const { deps, clock } = await aWorld();
    const { measured, measure } = recording();
    const get = () => Promise.reject(new Error('the table is away'));

    const login = measuredLogIn({ ...deps, measure, table: { ...deps.table, get } }, { ...LOGIN, at: clock.now() });

    await expect(login).rejects.toThrow('the table is away');
    expect(measured).toEqual([{ values: { Logins: 1, LoginLatency: 0 }, dimensions: { Outcome: 'undecided' } }]);
  });
});
