import { type Cloud, readCloud } from './assembly';

let cloud: Cloud;
beforeAll(async () => {
  cloud = await readCloud();
});

describe('the table', () => {
  // The security checks know no rule for a global table: what they would ask for is asked for here.
  const table = () => cloud.one('DynamoDB::GlobalTable').Properties;
  const replica = () => table().Replicas[0];

  test('is encrypted with a key of our own that rotates and is never deleted with its stack', () => {
    expect(table().SSESpecification).toEqual({ SSEEnabled: true, SSEType: 'KMS' });
    expect(replica().SSESpecification.KMSMasterKeyId).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'] });
    for (const key of cloud.ofType('KMS::Key')) {
      expect(key.Properties.EnableKeyRotation).toBe(true);
      expect(key.text).toContain('"DeletionPolicy":"Retain"');
    }
  });

  test('can be restored to any second and cannot be deleted by mistake', () => {
    expect(replica().PointInTimeRecoverySpecification).toEqual({ PointInTimeRecoveryEnabled: true });
    expect(replica().DeletionProtectionEnabled).toBe(true);
    expect(cloud.one('DynamoDB::GlobalTable').text).toContain('"DeletionPolicy":"Retain"');
  });

  test('has the keys, the three indexes and the expiry attribute that the store writes', () => {
    expect(table().KeySchema).toEqual(keys('pk', 'sk'));
    const indexes = table().GlobalSecondaryIndexes.map((index: { IndexName: string }) => index);
    expect(indexes).toEqual([
      expect.objectContaining({ IndexName: 'lists', KeySchema: keys('lpk', 'lsk'), Projection: projection('ALL') }),
      expect.objectContaining({ IndexName: 'people', KeySchema: keys('cpk', 'csk'), Projection: projection('ALL') }),
      expect.objectContaining({
        IndexName: 'pointers',
        KeySchema: keys('dpk', 'dsk'),
        Projection: projection('KEYS_ONLY'),
      }),
    ]);
    expect(table().TimeToLiveSpecification).toEqual({ AttributeName: 'x', Enabled: true });
  });

  test('is paid by request and as warm as its indexes from the first second', () => {
    expect(table().BillingMode).toBe('PAY_PER_REQUEST');
    const warm = table().WarmThroughput;
    expect(warm).toEqual({ ReadUnitsPerSecond: 12_000, WriteUnitsPerSecond: 4_000 });
    for (const index of table().GlobalSecondaryIndexes) expect(index.WarmThroughput).toEqual(warm);
  });
});

describe('what else is kept', () => {
  test('stacks that hold data are protected against termination', () => {
    const { artifacts } = require(`${cloud.folder}/manifest.json`);
    for (const stack of ['Data', 'Identity']) expect(artifacts[stack].properties.terminationProtection).toBe(true);
  });

  test('documents are private, encrypted by our key, versioned, and lie in a bucket with a literal name', () => {
    const bucket = cloud.resources.find(
      resource => resource.id.startsWith('Documents') && resource.Properties.BucketName,
    );
    expect(JSON.stringify(bucket?.Properties.BucketName)).toContain('practice-billing-documents-');
    expect(bucket?.text).toContain('"SSEAlgorithm":"aws:kms"');
    expect(bucket?.Properties.VersioningConfiguration).toEqual({ Status: 'Enabled' });
  });

  test('no bucket is public', () => {
    for (const bucket of cloud.ofType('S3::Bucket')) {
      expect(Object.values(bucket.Properties.PublicAccessBlockConfiguration)).toEqual([true, true, true, true]);
    }
  });

  test('staff sign in with a second factor to a pool that cannot be deleted by mistake', () => {
    expect(cloud.one('Cognito::UserPool').Properties).toMatchObject({
      MfaConfiguration: 'ON',
      UserPoolTier: 'PLUS',
      DeletionProtection: 'ACTIVE',
      UserPoolAddOns: { AdvancedSecurityMode: 'ENFORCED' },
    });
  });

  test('secrets are generated or filled in later, never written into a template', () => {
    for (const secret of cloud.ofType('SecretsManager::Secret')) {
      expect(secret.Properties.SecretString).toBeUndefined();
      expect(secret.Properties.KmsKeyId).toBeDefined();
    }
  });
});

const keys = (partition: string, sort: string) => [
  { AttributeName: partition, KeyType: 'HASH' },
  { AttributeName: sort, KeyType: 'RANGE' },
];
const projection = (ProjectionType: string) => ({ ProjectionType });
