import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  HttpAuthorizer,
  HttpAuthorizerType,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  type IHttpRouteAuthorizer,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { FilterPattern, LogGroup, MetricFilter, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { WorkerRow } from '../shared/operations/workers';
import { openRoute } from './acknowledgements';
import type { BundledFunction } from './bundle';
import { environmentFor } from './constructs/environment';
import { statementsFor } from './constructs/grants';
import type { Means } from './constructs/means';
import { ServiceFunction } from './constructs/serviceFunction';
import { metricNamespace, StackLogs } from './constructs/stackLogs';
import type { Settings } from './settings';

export const webhookFailureMetric = 'WebhookFailures';

export interface ApiStackProps extends StackProps {
  readonly settings: Settings;
  readonly means: Means;
  readonly watchKey: IKey;
  readonly authorizer: WorkerRow | undefined;
  readonly bundleOf: (name: string) => BundledFunction;
}

/** The gateway, its one authorizer, and the answer to paths that do not exist. Routes stand with their operations. */
export class ApiStack extends Stack {
  readonly httpApiId: string;
  private readonly authorizerId: string | undefined;

  constructor(scope: Construct, id: string, props: ApiStackProps) {
    super(scope, id, props);
    const { settings, watchKey, bundleOf } = props;
    const api = new HttpApi(this, 'HttpApi', {
      apiName: settings.name,
      createDefaultStage: false,
      description: 'Client billing; reached through CloudFront only',
    });
    this.httpApiId = api.apiId;
    this.addStage(api, settings, watchKey);
    const logs = new StackLogs(this, 'Logs', { name: settings.name, stack: 'api', key: watchKey });
    this.authorizerId = props.authorizer && this.addAuthorizer(api, props.authorizer, { ...props, logs });
    const unknownPath = new ServiceFunction(this, 'answerUnknownPath', {
      bundle: bundleOf('answerUnknownPath'),
      summary: 'Answers a path that does not exist as problem+json',
      logs,
      statements: [],
      environment: {},
      timeoutSeconds: 5,
      memoryMb: 256,
    });
    const route = new HttpRoute(this, 'UnknownPath', {
      httpApi: api,
      routeKey: HttpRouteKey.DEFAULT,
      integration: new HttpLambdaIntegration('UnknownPathIntegration', unknownPath.lambda),
    });
    openRoute(route, 'There is nothing behind it: it says that the path does not exist.');
  }

  /** For the routes of other stacks; as a value, since the usual construct would tie them all to the first of them. */
  authorizerFor(scope: Construct): IHttpRouteAuthorizer | undefined {
    if (!this.authorizerId) return undefined;
    return HttpAuthorizer.fromHttpAuthorizerAttributes(scope, 'Caller', {
      authorizerId: this.authorizerId,
      authorizerType: 'CUSTOM',
    });
  }

  private addStage(api: HttpApi, { name }: Settings, encryptionKey: IKey): void {
    const access = new LogGroup(this, 'Access', {
      logGroupName: `/${name}/access`,
      encryptionKey,
      retention: RetentionDays.ONE_YEAR,
    });
    new HttpStage(this, 'Stage', {
      httpApi: api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: 2_000, burstLimit: 1_000 },
      accessLogSettings: {
        destination: new LogGroupLogDestination(access),
        format: AccessLogFormat.custom(JSON.stringify(accessLogFields)),
      },
    });
    new MetricFilter(this, 'FailedWebhooks', {
      logGroup: access,
      metricNamespace,
      metricName: webhookFailureMetric,
      filterPattern: FilterPattern.literal(
        '{ $.route = "POST /api/webhooks/*" && ($.status = "4*" || $.status = "5*") }',
      ),
    });
  }

  private addAuthorizer(
    api: HttpApi,
    row: WorkerRow,
    { means, bundleOf, logs }: Pick<ApiStackProps, 'means' | 'bundleOf'> & { logs: StackLogs },
  ): string {
    const { lambda } = new ServiceFunction(this, row.name, {
      bundle: bundleOf(row.name),
      summary: row.summary,
      logs,
      statements: statementsFor(row.uses, means),
      environment: { ...environmentFor(row.uses, means), TOKEN_ISSUER: means.identity.issuer },
      timeoutSeconds: row.timeoutSeconds,
      memoryMb: row.memoryMb,
    });
    const authorizer = new HttpAuthorizer(this, 'Caller', {
      httpApi: api,
      type: HttpAuthorizerType.LAMBDA,
      authorizerUri: `arn:${this.partition}:apigateway:${this.region}:lambda:path/2015-03-31/functions/${lambda.functionArn}/invocations`,
      identitySource: ['$request.header.Authorization'],
      enableSimpleResponses: true,
      resultsCacheTtl: Duration.seconds(60),
    });
    lambda.addPermission('Gateway', {
      principal: new ServicePrincipal('apigateway.amazonaws.com'),
      sourceArn: `arn:${this.partition}:execute-api:${this.region}:${this.account}:${api.apiId}/authorizers/${authorizer.authorizerId}`,
    });
    return authorizer.authorizerId;
  }
}

/** No address and no token: ids, the route and how it went. */
const accessLogFields = {
  requestId: '$context.requestId',
  at: '$context.requestTimeEpoch',
  route: '$context.routeKey',
  status: '$context.status',
  latencyMs: '$context.responseLatency',
  bytes: '$context.responseLength',
  gatewayError: '$context.error.messageString',
  authorizerError: '$context.authorizer.error',
  integrationError: '$context.integrationErrorMessage',
};
