import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { logLines, raiseAlarm } from './alarm.ts';
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
        meaning: 'The daily audit of some tenants failed. Every hour tries them again.',
      },
      silence: {
        period: Duration.hours(1),
        periods: 2,
        meaning: 'Nothing has called audit-tenants for two hours. Tenants whose cleanup hour has come are not audited.',
      },
      retryAttempts: 1,
      maxEventAge: Duration.hours(1),
    });
    raiseAlarm(this, 'found', config, {
      metric: logLines(auditTenants.lambda, 'faults', 'audit-found', 'AuditFaults'),
      description: 'Items of a tenant contradicted each other. What was certain is repaired.',
    });
    raiseAlarm(this, 'left', config, {
      metric: logLines(auditTenants.lambda, 'left', 'daily-work-left', 'TenantsLeftByAudit'),
      description: 'The daily audit ran out of time before it had looked at every tenant. The next hour goes on.',
    });
  }
}
