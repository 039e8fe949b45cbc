import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  Billing,
  type ITableV2,
  ProjectionType,
  StreamViewType,
  TableEncryptionV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { TABLE } from '../../shared/platform/ports/table-definition.ts';
import type { StageConfig } from './stage-config.ts';

/** The service's one table: the stack's own, or an adopted one. */
export type LicenseTable = TableV2 | ITableV2;

/**
 * Creates the service's one table, or adopts the one that the configuration names. The readers of its stream write the
 * history and publish events.
 */
export function licenseTable(scope: Construct, id: string, config: StageConfig): LicenseTable {
  const { adoptedTable } = config;
  return adoptedTable === undefined
    ? new OwnTable(scope, id, config)
    : TableV2.fromTableAttributes(scope, id, adoptedTable);
}

/** The table as `table-definition.ts` defines it, with one replica (decision 58). */
class OwnTable extends TableV2 {
  constructor(scope: Construct, id: string, config: StageConfig) {
    super(scope, id, {
      partitionKey: { name: TABLE.partitionKey, type: AttributeType.STRING },
      sortKey: { name: TABLE.sortKey, type: AttributeType.STRING },
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.awsManagedKey(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: TABLE.timeToLive,
      dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
      deletionProtection: config.keepData,
      removalPolicy: config.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      globalSecondaryIndexes: Object.entries(TABLE.indexes).map(([indexName, { partitionKey, sortKey }]) => ({
        indexName,
        partitionKey: { name: partitionKey, type: AttributeType.STRING },
        sortKey: { name: sortKey, type: AttributeType.STRING },
        projectionType: ProjectionType.KEYS_ONLY,
      })),
    });
  }
}
