import { rmSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { FUNCTION_NAMES } from '../../functions/functions.ts';
import { TABLE } from '../../shared/platform/ports/table-definition.ts';
import { SynthesizedStack } from './synthesized-stack.ts';

const TOPIC = 'arn:aws:sns:eu-north-1:111122223333:operators';

// Once for all tests: a synthesis with its checks takes seconds.
const stack = new SynthesizedStack({ alarmTopicArn: TOPIC });
const quiet = new SynthesizedStack({ stage: 'trial' });
afterAll(() => {
  for (const { outdir } of [stack, quiet]) rmSync(outdir, { recursive: true });
});

type Metric = {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[];
};

const alarms = stack.ofType('AWS::CloudWatch::Alarm').map(({ Properties }) => Properties);
const nameOf = (alarm: (typeof alarms)[number]): string => alarm.AlarmName.replace('LicenseService ', '');
const alarmCalled = (name: string) => alarms.find((alarm) => nameOf(alarm) === name)!;

/** Returns the metrics that an alarm watches: one, or those that its expression adds up. */
function metricsOf(alarm: (typeof alarms)[number]): readonly Metric[] {
  if (alarm.Metrics === undefined) return [alarm];
  return alarm.Metrics.flatMap(({ MetricStat }: { MetricStat?: { Metric: Metric } }) => MetricStat?.Metric ?? []);
}

/** Every alarm, with what it watches, the least that rings, and in how many seconds. */
const ALARMS: readonly (readonly [name: string, metrics: readonly string[], threshold: number, seconds: number])[] = [
  ...FUNCTION_NAMES.flatMap(
    (name) =>
      [
        [`${name}/errors`, ['Errors'], 1, 300],
        [`${name}/throttles`, ['Throttles'], 1, 300],
      ] as const,
  ),
  ['api/failures', ['5xx'], 5, 300],
  ['api/throttles', ['RefusedApiCalls'], 100, 300],
  ['operations/throttled-table', ['ReadThrottleEvents', 'WriteThrottleEvents'], 10, 300],
  ['imports/unqueued-uploads', ['ApproximateNumberOfMessagesVisible'], 1, 60],
  ['import-queue/failed-imports', ['ApproximateNumberOfMessagesVisible'], 1, 60],
  ['import-queue/late', ['ApproximateAgeOfOldestMessage'], 1_800, 300],
  ['idle-sessions/missed-minutes', ['ApproximateNumberOfMessagesVisible'], 1, 60],
  ['daily-cleanup/missed-cleanups', ['ApproximateNumberOfMessagesVisible'], 1, 60],
  ['daily-cleanup/left', ['TenantsLeftByCleanup'], 1, 300],
  ['daily-audit/missed-audits', ['ApproximateNumberOfMessagesVisible'], 1, 60],
  ['daily-audit/left', ['TenantsLeftByAudit'], 1, 300],
  ['daily-audit/found', ['AuditFaults'], 1, 300],
  ['history/unrecorded-changes', ['ApproximateNumberOfMessagesVisible'], 1, 60],
  ['history/behind', ['IteratorAge'], 900_000, 300],
  ['history/set-aside', ['UnreadableHistoryRecords'], 1, 300],
  ['telling/untold-changes', ['ApproximateNumberOfMessagesVisible'], 1, 60],
  ['telling/behind', ['IteratorAge'], 900_000, 300],
  ['telling/set-aside', ['UnreadableEventRecords'], 1, 300],
  ['hooks/missed-events', ['ApproximateNumberOfMessagesVisible'], 1, 60],
  ['hooks/undecided', ['UndecidedHookCalls'], 5, 300],
  ['webhooks/undelivered', ['ApproximateNumberOfMessagesVisible'], 1, 60],
  ['webhooks/late', ['ApproximateAgeOfOldestMessage'], 3_600, 300],
  ['webhooks/in-flight', ['ApproximateNumberOfMessagesNotVisible'], 60_000, 300],
  ['renewals/stopped', ['ExecutionsFailed', 'ExecutionsTimedOut'], 1, 300],
  ['operations/slow-logins', ['LoginLatency'], 2_000, 300],
  ['operations/undecided-logins', ['Logins'], 10, 300],
];

/** The alarms that ring when something did not happen, and after how many periods of so many seconds. */
const SILENCES = [
  ['idle-sessions/not-called', 'end-idle-sessions', 300, 1],
  ['daily-cleanup/not-called', 'clean-up-daily', 3_600, 2],
  ['daily-audit/not-called', 'audit-tenants', 3_600, 2],
] as const;

describe('the alarms', () => {
  test('are all listed here', () => {
    expect(alarms.map(nameOf).toSorted()).toEqual([...ALARMS, ...SILENCES].map(([name]) => name).toSorted());
  });

  test.each(ALARMS)('%s rings for %j from %i on, in %i seconds', (name, metrics, threshold, seconds) => {
    const alarm = alarmCalled(name);
    const stats = alarm.Metrics?.flatMap(({ MetricStat }: { MetricStat?: object }) => MetricStat ?? []) ?? [alarm];

    expect(alarm).toMatchObject({
      Threshold: threshold,
      EvaluationPeriods: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
    });
    expect([...new Set(metricsOf(alarm).map(({ MetricName }) => MetricName))].toSorted()).toEqual(metrics);
    expect(stats.map(({ Period }: { Period: number }) => Period)).toEqual(stats.map(() => seconds));
  });

  test.each(FUNCTION_NAMES)('of %s are about this function', (name) => {
    for (const alarm of [alarmCalled(`${name}/errors`), alarmCalled(`${name}/throttles`)]) {
      expect(alarm).toMatchObject({
        Namespace: 'AWS/Lambda',
        Dimensions: [{ Name: 'FunctionName', Value: `${name}/function` }],
        Statistic: 'Sum',
      });
    }
  });

  test.each(SILENCES)('%s rings when nothing has called %s in %i seconds, %i times', (name, called, Period, times) => {
    expect(alarmCalled(name)).toMatchObject({
      MetricName: 'Invocations',
      Dimensions: [{ Name: 'FunctionName', Value: `${called}/function` }],
      Statistic: 'Sum',
      Period,
      EvaluationPeriods: times,
      Threshold: 1,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
    });
  });

  test('of every schedule, one rings when it stops', () => {
    const called = stack.ofType('AWS::Scheduler::Schedule').map(({ Properties }) => Properties.Target.Arn);

    expect(called.toSorted()).toEqual(SILENCES.map(([, name]) => `${name}/function`).toSorted());
  });

  test('of every queue, one rings: for a message that nothing reads, or for one that waits too long', () => {
    const watched = (metric: string) =>
      alarms
        .filter(({ MetricName }) => MetricName === metric)
        .map(({ Dimensions: [{ Value }] }) => Value)
        .toSorted();
    const queues = stack.ofType('AWS::SQS::Queue').map(({ Properties, Metadata }) => ({
      path: Metadata['aws:cdk:path'].replace('LicenseService/', '').replace('/Resource', ''),
      isRead: Properties.RedrivePolicy !== undefined,
      isFifo: Properties.FifoQueue === true,
    }));
    const paths = (isRead: boolean) => queues.filter((one) => one.isRead === isRead).map(({ path }) => path);

    expect(watched('ApproximateNumberOfMessagesVisible')).toEqual(paths(false).toSorted());
    expect(watched('ApproximateAgeOfOldestMessage')).toEqual(paths(true).toSorted());
    // A FIFO queue gives out no more messages of a tenant before the one in flight is done.
    expect(watched('ApproximateNumberOfMessagesNotVisible')).toEqual(
      queues.flatMap(({ path, isRead, isFifo }) => (isRead && !isFifo ? path : [])),
    );
  });

  test('of the table, one adds up the throttles of the table itself and of each index', () => {
    const alarm = alarmCalled('operations/throttled-table');
    const metrics = metricsOf(alarm).map(({ MetricName, Dimensions = [] }) => [
      MetricName,
      ...Dimensions.map(({ Value }) => Value),
    ]);

    const expected = ['ReadThrottleEvents', 'WriteThrottleEvents'].flatMap((name) => [
      [name, 'licenses'],
      ...Object.keys(TABLE.indexes).map((index) => [name, index, 'licenses']),
    ]);
    expect(metrics.toSorted()).toEqual(expected.toSorted());
    // CloudWatch allows ten metrics in the expression of an alarm.
    expect(metrics.length).toBeLessThanOrEqual(10);
    const [{ Expression }] = alarm.Metrics;
    expect(Expression).toBe(metrics.map((_, number) => `FILL(m${number}, 0)`).join(' + '));
  });

  test('count what the functions and the API log under the codes of the catalog', () => {
    const filters = stack
      .ofType('AWS::Logs::MetricFilter')
      .map(({ Properties: { LogGroupName, FilterPattern, MetricTransformations } }) => [
        MetricTransformations[0].MetricName,
        LogGroupName,
        FilterPattern,
      ]);

    expect(filters.toSorted()).toEqual([
      ['AuditFaults', 'audit-tenants/log', '{ $.message.code = "audit-found" }'],
      ['RefusedApiCalls', 'api/log', '{ ($.status = "429") && ($.integration = "-") }'],
      ['TenantsLeftByAudit', 'audit-tenants/log', '{ $.message.code = "daily-work-left" }'],
      ['TenantsLeftByCleanup', 'clean-up-daily/log', '{ $.message.code = "daily-work-left" }'],
      ['UndecidedHookCalls', 'session-hooks/log', '{ $.message.code = "hook-undecided" }'],
      ['UnreadableEventRecords', 'publish-events/log', '{ $.message.code = "event-record-unreadable" }'],
      ['UnreadableHistoryRecords', 'record-history/log', '{ $.message.code = "history-record-unreadable" }'],
    ]);
  });

  test('do not ring for the slowest of a few logins', () => {
    expect(alarmCalled('operations/slow-logins')).toMatchObject({
      ExtendedStatistic: 'p99',
      EvaluateLowSampleCountPercentile: 'ignore',
    });
  });

  test('all go to the topic of the operator, and only to a topic that the operator has given', () => {
    expect(alarms.map(({ AlarmActions }) => AlarmActions)).toEqual(alarms.map(() => [TOPIC]));
    const without = quiet.ofType('AWS::CloudWatch::Alarm');
    expect(without).toHaveLength(alarms.length);
    expect(without.filter(({ Properties }) => Properties.AlarmActions !== undefined)).toEqual([]);
  });
});

/** Whatever holds data that nobody can make again. */
const HOLDS_DATA = [
  'AWS::DynamoDB::Table',
  'AWS::DynamoDB::GlobalTable',
  'AWS::S3::Bucket',
  'AWS::SecretsManager::Secret',
];

describe('what outlives the stack', () => {
  test('is everything that holds data in production, and nothing else', () => {
    const kept = stack.resources.filter(({ DeletionPolicy = 'Delete' }) => DeletionPolicy !== 'Delete');

    expect(kept.map(({ Metadata }) => Metadata['aws:cdk:path']).toSorted()).toEqual(
      stack.resources
        .filter(({ Type }) => HOLDS_DATA.includes(Type))
        .map(({ Metadata }) => Metadata['aws:cdk:path'])
        .toSorted(),
    );
  });

  test('is kept also when an update replaces it', () => {
    const kept = stack.resources.filter(({ DeletionPolicy = 'Delete' }) => DeletionPolicy !== 'Delete');

    expect(kept.filter(({ UpdateReplacePolicy }) => UpdateReplacePolicy !== 'Retain')).toEqual([]);
  });

  test('is nothing of a trial stage', () => {
    expect(quiet.resources.filter(({ DeletionPolicy = 'Delete' }) => DeletionPolicy !== 'Delete')).toEqual([]);
  });
});
