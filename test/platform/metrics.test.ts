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
