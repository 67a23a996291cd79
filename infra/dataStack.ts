import { RemovalPolicy, Stack, type StackProps, Token } from 'aws-cdk-lib';
import { AttributeType, Billing, ProjectionType, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { accessLogBucket } from './constructs/accessLogBucket';
import { admitAlarms, admitLogs } from './constructs/keys';
import type { Settings } from './settings';

/** What outlives all code: the table, the documents, the secrets, and their keys. */
export class DataStack extends Stack {
  readonly key: Key;
  /** Of log groups and alarms, where nothing of a client is written; apart, so that who reads logs cannot read data. */
  readonly watchKey: Key;
  readonly table: TableV2;
  readonly indexArns: readonly string[];
  /** Literal, so that policies and the checks on them can quote it. */
  readonly documentsName: string;
  readonly documentsArn: string;
  /** The same as the security checks write it, while the account is open. */
  readonly documentsArnInFindings: string;
  readonly stripeSecret: Secret;
  readonly linkKeySecret: Secret;
  readonly originSecret: Secret;

  constructor(scope: Construct, id: string, props: StackProps & { settings: Settings }) {
    super(scope, id, props);
    const { settings } = props;
    this.key = new Key(this, 'Key', {
      description: 'Table, documents and secrets of practice-billing',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.watchKey = watchKey(this, settings);
    this.table = this.buildTable(settings);
    this.indexArns = indexes.map(({ name }) => `${this.table.tableArn}/index/${name}`);
    this.documentsName = `${settings.name}-documents-${this.account}-${this.region}`;
    this.documentsArn = `arn:${this.partition}:s3:::${this.documentsName}`;
    this.documentsArnInFindings = Token.isUnresolved(this.account)
      ? this.documentsArn.replace(this.account, '<AWS::AccountId>')
      : this.documentsArn;
    this.addDocuments();
    // Stripe issues both; the owner fills them in (runbook), and deploys never write over them.
    this.stripeSecret = this.secret('StripeSecret', 'Stripe keys, filled in by the owner', {
      secretStringTemplate: JSON.stringify({ secretKey: '', webhookSecret: '' }),
      generateStringKey: 'unused',
    });
    this.linkKeySecret = this.secret('LinkKey', 'Key of the pay links: changing it ends every link that was sent', {});
    this.originSecret = this.secret('OriginSecret', 'What CloudFront adds, so that nobody walks round it', {});
  }

  private buildTable({ warmReadUnits, warmWriteUnits }: Settings): TableV2 {
    const warmThroughput = { readUnitsPerSecond: warmReadUnits, writeUnitsPerSecond: warmWriteUnits };
    return new TableV2(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      globalSecondaryIndexes: indexes.map(({ name, keys: [partition, sort], projectionType }) => ({
        indexName: name,
        partitionKey: { name: partition, type: AttributeType.STRING },
        sortKey: { name: sort, type: AttributeType.STRING },
        projectionType,
        // A throttled index throttles its table, so both begin equally warm.
        warmThroughput,
      })),
      billing: Billing.onDemand(),
      warmThroughput,
      encryption: TableEncryptionV2.customerManagedKey(this.key),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      timeToLiveAttribute: 'x',
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  private addDocuments(): void {
    new Bucket(this, 'Documents', {
      bucketName: this.documentsName,
      encryption: BucketEncryption.KMS,
      encryptionKey: this.key,
      bucketKeyEnabled: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      versioned: true,
      serverAccessLogsBucket: accessLogBucket(this, 'DocumentsLogs'),
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  private secret(
    id: string,
    description: string,
    generated: { secretStringTemplate?: string; generateStringKey?: string },
  ): Secret {
    return new Secret(this, id, {
      description,
      encryptionKey: this.key,
      generateSecretString: { passwordLength: 64, excludePunctuation: true, ...generated },
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }
}

const indexes = [
  { name: 'lists', keys: ['lpk', 'lsk'], projectionType: ProjectionType.ALL },
  { name: 'people', keys: ['cpk', 'csk'], projectionType: ProjectionType.ALL },
  { name: 'pointers', keys: ['dpk', 'dsk'], projectionType: ProjectionType.KEYS_ONLY },
] as const;

function watchKey(stack: Stack, { name }: Settings): Key {
  const key = new Key(stack, 'WatchKey', {
    description: 'Logs and alarms of practice-billing',
    enableKeyRotation: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  admitLogs(key, stack, [`/${name}/*`]);
  admitAlarms(key, stack);
  return key;
}
