import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import {
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { TABLE } from '../../shared/platform/ports/table-definition.ts';
import { raiseAlarm } from './alarm.ts';
import type { StageConfig } from './stage-config.ts';

/** In five minutes. A few come while an on-demand table grows. */
const MOST_THROTTLES = 10;

/**
 * The service's one table, as `table-definition.ts` defines it. The readers of its stream write the history and publish
 * events.
 */
export class LicenseTable extends Table {
  constructor(scope: Construct, id: string, config: StageConfig) {
    super(scope, id, {
      partitionKey: { name: TABLE.partitionKey, type: AttributeType.STRING },
      sortKey: { name: TABLE.sortKey, type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.AWS_MANAGED,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: TABLE.timeToLive,
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
      deletionProtection: config.keepData,
      removalPolicy: config.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    for (const [indexName, { partitionKey, sortKey }] of Object.entries(TABLE.indexes)) {
      this.addGlobalSecondaryIndex({
        indexName,
        partitionKey: { name: partitionKey, type: AttributeType.STRING },
        sortKey: { name: sortKey, type: AttributeType.STRING },
        projectionType: ProjectionType.KEYS_ONLY,
      });
    }
    raiseAlarm(this, 'throttles', config, {
      metric: this.#throttles(),
      threshold: MOST_THROTTLES,
      description: `DynamoDB refused ${MOST_THROTTLES} reads or writes or more of the table or its indexes in five minutes. The service tries each of them again for up to two seconds.`,
    });
  }

  /** A throttled index throttles the writes of the table. */
  #throttles(): MathExpression {
    const metrics = [undefined, ...Object.keys(TABLE.indexes)].flatMap((index) =>
      ['ReadThrottleEvents', 'WriteThrottleEvents'].map((name) =>
        this.metric(name, {
          period: Duration.minutes(5),
          statistic: 'sum',
          dimensionsMap: { TableName: this.tableName, ...(index && { GlobalSecondaryIndexName: index }) },
        }),
      ),
    );
    const usingMetrics = Object.fromEntries(metrics.map((metric, number) => [`m${number}`, metric]));
    const terms = Object.keys(usingMetrics).map((id) => `FILL(${id}, 0)`);
    return new MathExpression({ expression: terms.join(' + '), usingMetrics, period: Duration.minutes(5) });
  }
}
