import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import featureFlags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { stageConfig } from './config.ts';
import { LicenseServiceStack } from './license-service-stack.ts';

/**
 * The app with its one stack; a finding of either rule pack fails its synthesis.
 * The context stands here and not in `cdk.json`, so that the CDK's command line, `npm run synth`, the local stack and
 * the tests all make the same template.
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
  const config = stageConfig({
    stage: app.node.tryGetContext('stage'),
    alarmTopicArn: app.node.tryGetContext('alarmTopicArn'),
  });
  new LicenseServiceStack(app, config.stackName, { config, bundles: join(app.outdir, 'bundles') });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
  return app;
}

if (import.meta.main) {
  licenseServiceApp(process.env['CDK_OUTDIR'] ?? 'cdk.out').synth();
}
