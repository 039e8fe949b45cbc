import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import featureFlags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { type StageContext, stageConfig } from './constructs/stage-config.ts';
import { LicenseServiceStack } from './license-service-stack.ts';

/**
 * Returns the app with its one stack. A finding of either rule pack makes its synthesis fail. The context is set here
 * and not in `cdk.json`, so that the CDK's command line, `npm run synth`, the local stack and the tests all make the
 * same template.
 */
export function licenseServiceApp(outdir: string, context: Readonly<Record<string, unknown>> = {}): App {
  const app = new App({
    outdir,
    analyticsReporting: false,
    context: {
      ...featureFlags,
      'aws:cdk:enable-asset-metadata': true,
      'aws:cdk:enable-path-metadata': true,
      ...context,
    },
  });
  const given = (name: keyof StageContext): unknown => app.node.tryGetContext(name);
  const config = stageConfig({
    stage: given('stage'),
    alarmTopicArn: given('alarmTopicArn'),
    auth0EventBus: given('auth0EventBus'),
    adoptedTable: given('adoptedTable'),
    adoptedStream: given('adoptedStream'),
    issuer: given('issuer'),
    audience: given('audience'),
    tenantClaim: given('tenantClaim'),
    roleClaim: given('roleClaim'),
    consoleClientId: given('consoleClientId'),
    consoleScopes: given('consoleScopes'),
    consoleProviderOrigins: given('consoleProviderOrigins'),
    concurrency: given('concurrency'),
    warm: given('warm'),
    debuggable: given('debuggable'),
  });
  new LicenseServiceStack(app, config.stackName, { config, bundles: join(app.outdir, 'bundles') });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
  return app;
}

if (import.meta.main) licenseServiceApp(process.env['CDK_OUTDIR'] ?? 'cdk.out').synth();
