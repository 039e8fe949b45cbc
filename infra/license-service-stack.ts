import { Annotations, ArnFormat, Aws, CfnOutput, Stack } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import { adminApiRoutes } from './constructs/admin-api-routes.ts';
import { calendarRoutes } from './constructs/calendar-routes.ts';
import { consoleRoutes } from './constructs/console.ts';
import { DailyAuditSchedule } from './constructs/daily-audit-schedule.ts';
import { DailyCleanupSchedule } from './constructs/daily-cleanup-schedule.ts';
import { EventStream } from './constructs/event-stream.ts';
import { HistoryStream } from './constructs/history-stream.ts';
import { HttpApi } from './constructs/http-api.ts';
import { IdleSessionSchedule } from './constructs/idle-session-schedule.ts';
import { ImportPipeline } from './constructs/import-pipeline.ts';
import { ImportQueue } from './constructs/import-queue.ts';
import { licenseTable } from './constructs/license-table.ts';
import { OperationsDashboard } from './constructs/operations-dashboard.ts';
import { RenewalWorkflow } from './constructs/renewal-workflow.ts';
import { serviceFunctions } from './constructs/service-functions.ts';
import { SessionHooks, sessionHookRoutes } from './constructs/session-hooks.ts';
import { NO_TOKENS, type StageConfig } from './constructs/stage-config.ts';
import { StageKey } from './constructs/stage-key.ts';
import { Webhooks } from './constructs/webhooks.ts';

export type LicenseServiceStackProps = {
  readonly config: StageConfig;
  /** The folder for the functions' bundles. */
  readonly bundles: string;
};

/** The whole service: one table, one bucket, one function for each folder of `functions/`, and one state machine. */
export class LicenseServiceStack extends Stack {
  constructor(scope: Construct, id: string, { config, bundles }: LicenseServiceStackProps) {
    super(scope, id, {
      description: 'ESM License Service: import, allocation at login, renewal',
      terminationProtection: config.keepData,
    });
    const table = licenseTable(this, 'licenses', config);
    const bucketName = `${this.stackName.toLowerCase()}-${Aws.ACCOUNT_ID}-${Aws.REGION}`;
    // The ARN is made from the name, because the function that starts the state machine is created before it.
    const stateMachineName = `${this.stackName}-renewal`;
    const stateMachineArn = this.formatArn({
      service: 'states',
      resource: 'stateMachine',
      resourceName: stateMachineName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    const events = new EventBus(this, 'events', { eventBusName: this.stackName });
    const webhooks = new Webhooks(this, 'webhooks', { config, events });
    const importQueue = new ImportQueue(this, 'import-queue', config);
    const stageKey = new StageKey(this, 'stage-key', config);
    const { tokens } = config;
    const { issuer, audience, tenantClaim, roleClaim } = tokens ?? NO_TOKENS;
    const functions = serviceFunctions(this, {
      config,
      bundles,
      values: {
        TABLE_NAME: table.tableName,
        BUCKET_NAME: bucketName,
        IMPORT_QUEUE_ARN: importQueue.queueArn,
        STATE_MACHINE_ARN: stateMachineArn,
        EVENT_BUS_NAME: events.eventBusName,
        METRICS_NAMESPACE: this.stackName,
        UNDELIVERED_QUEUE_ARN: webhooks.undelivered.queueArn,
        URL_SUFFIX: Aws.URL_SUFFIX,
        SECRETS_PREFIX: config.secretsPrefix,
        STAGE_KEY_ARN: stageKey.secretArn,
        ISSUER: issuer,
        AUDIENCE: audience,
        TENANT_CLAIM: tenantClaim,
        ROLE_CLAIM: roleClaim,
        CONSOLE_CLIENT_ID: config.console.clientId,
        CONSOLE_SCOPES: config.console.scopes,
        CONSOLE_PROVIDER_ORIGINS: [new URL(issuer).origin, ...config.console.providerOrigins].join(' '),
      },
      resources: {
        tableArn: table.tableArn,
        bucketArn: this.formatArn({ service: 's3', account: '', region: '', resource: bucketName }),
        stateMachineArn,
        eventBusArn: events.eventBusArn,
        secretsArn: this.formatArn({
          service: 'secretsmanager',
          resource: 'secret',
          resourceName: `${config.secretsPrefix}/*`,
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
        stageKeyArn: stageKey.secretArn,
        parametersArn: this.formatArn({
          service: 'ssm',
          resource: 'parameter',
          resourceName: `${config.secretsPrefix}/*`,
        }),
      },
    });
    importQueue.importBy(functions['import-licenses'], config);
    new IdleSessionSchedule(this, 'idle-sessions', { config, endIdleSessions: functions['end-idle-sessions'] });
    new DailyAuditSchedule(this, 'daily-audit', { config, auditTenants: functions['audit-tenants'] });
    new DailyCleanupSchedule(this, 'daily-cleanup', { config, cleanUpDaily: functions['clean-up-daily'] });
    new HistoryStream(this, 'history', { config, table, recordHistory: functions['record-history'] });
    new EventStream(this, 'telling', { config, table, publishEvents: functions['publish-events'] });
    new SessionHooks(this, 'hooks', { config, sessionHooks: functions['session-hooks'] });
    webhooks.deliverBy(functions['deliver-webhook']);
    const renewal = new RenewalWorkflow(this, 'renewals', { config, stateMachineName, functions });

    // Without an issuer nobody can sign in, so there is no console either.
    const ofTenants =
      tokens === undefined ? [] : [...adminApiRoutes(functions['admin-api'], tokens), consoleRoutes(functions.console)];
    if (tokens === undefined) Annotations.of(this).addWarningV2('license-service:no-issuer', NO_ISSUER);
    const api = new HttpApi(this, 'api', {
      config,
      routes: [...ofTenants, sessionHookRoutes(functions['session-hooks']), calendarRoutes(functions['calendar-feed'])],
    });
    new ImportPipeline(this, 'imports', {
      config,
      bucketName,
      importLicenses: functions['import-licenses'],
      formOrigin: api.origin,
    });
    new OperationsDashboard(this, 'operations', { config, functions, renewal: renewal.stateMachine, table });

    new CfnOutput(this, 'Api', { value: api.url });
    new CfnOutput(this, 'Console', { value: `${api.url}console/` });
    new CfnOutput(this, 'Bucket', { value: bucketName });
    new CfnOutput(this, 'EventBus', { value: events.eventBusName });
    new CfnOutput(this, 'Table', { value: table.tableName });
    new CfnOutput(this, 'RenewalStateMachine', { value: renewal.stateMachine.stateMachineArn });
    for (const [name, { called }] of Object.entries(functions)) {
      new CfnOutput(this, `${pascalCase(name)}Function`, { value: called.functionName });
    }
  }
}

const NO_ISSUER =
  'No issuer is configured, so the administrators’ API has no routes. Say -c issuer=https://… (an OpenID provider) and -c audience=… (what its tokens call this API).';

const pascalCase = (name: string) => name.replaceAll(/(^|-)[a-z]/g, (letter) => letter.replace('-', '').toUpperCase());
