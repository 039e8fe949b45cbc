import { Duration, Stack } from 'aws-cdk-lib';
import { FilterPattern } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { LogCode } from '../../shared/platform/log.ts';
import { raiseAlarm } from './alarm.ts';
import { FunctionSchedule } from './function-schedule.ts';
import type { NodeFunction } from './node-function.ts';
import type { StageConfig } from './stage-config.ts';

export type DailyAuditScheduleProps = {
  readonly config: StageConfig;
  readonly auditTenants: NodeFunction;
};

/**
 * Audits each tenant once a day, after its cleanup hour. The schedule runs every hour. The alarm rings for every
 * violation, also for one that was repaired, because correct code never causes any.
 */
export class DailyAuditSchedule extends FunctionSchedule {
  constructor(scope: Construct, id: string, { config, auditTenants }: DailyAuditScheduleProps) {
    super(scope, id, {
      config,
      called: auditTenants,
      rate: 'rate(1 hour)',
      failures: {
        id: 'missed-audits',
        whatToDo:
          'The daily audit of some tenants failed: the log names them (tenant-audit-failed). The next hour tries them again: empty the queue when the errors have stopped.',
      },
      retryAttempts: 1,
      maxEventAge: Duration.hours(1),
    });
    const found: LogCode = 'audit-found';
    const faults = auditTenants.lambda.logGroup.addMetricFilter('faults', {
      filterPattern: FilterPattern.allTerms(found),
      metricNamespace: Stack.of(this).stackName,
      metricName: 'AuditFaults',
      metricValue: '1',
    });
    raiseAlarm(this, 'found', config, {
      metric: faults.metric({ period: Duration.minutes(5), statistic: 'sum' }),
      description:
        'The daily audit found items that contradict each other. The log of audit-tenants gives tenant and fault (audit-found), and how many were set right; administer audit names the rest.',
    });
  }
}
