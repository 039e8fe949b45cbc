import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { StageConfig } from './stage-config.ts';

/**
 * The key of the stage's hashes that stand for people. It is generated at the first deployment, and nobody knows it.
 */
export class StageKey extends Secret {
  constructor(scope: Construct, id: string, config: StageConfig) {
    super(scope, id, {
      description:
        'Key of the hashes that stand for people. It must outlive the data: what it hashed is found by it alone.',
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy: config.keepData ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY,
    });
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        'With another key the marks of erased users could not be found again, and their names would come back into the history.',
    });
  }
}
