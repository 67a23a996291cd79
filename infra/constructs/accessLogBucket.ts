import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

/** Takes access logs of S3 or CloudFront. Neither can write with a KMS key; CloudFront still writes by ACL. */
export const accessLogBucket = (
  scope: Construct,
  id: string,
  objectOwnership = ObjectOwnership.BUCKET_OWNER_ENFORCED,
): IBucket =>
  // The two types differ in an optional field only, which our strict compiler minds.
  new Bucket(scope, id, {
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership,
    enforceSSL: true,
    versioned: true,
    lifecycleRules: [{ expiration: Duration.days(365), noncurrentVersionExpiration: Duration.days(30) }],
    removalPolicy: RemovalPolicy.RETAIN,
  }) as IBucket;
