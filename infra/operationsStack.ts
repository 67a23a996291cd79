import { Stack, type StackProps } from 'aws-cdk-lib';
import { HttpApi, HttpMethod, HttpRoute, HttpRouteKey, type IHttpRouteAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { invariant } from '../shared/domain/invariant';
import type { Row } from '../shared/operations/row';
import { openRoute } from './acknowledgements';
import type { BundledFunction } from './bundle';
import { environmentFor } from './constructs/environment';
import { statementsFor } from './constructs/grants';
import type { Means } from './constructs/means';
import { ServiceFunction } from './constructs/serviceFunction';
import { StackLogs } from './constructs/stackLogs';
import type { Settings } from './settings';

export interface OperationsStackProps extends StackProps {
  readonly settings: Settings;
  /** The stack's word in `stackOfNoun`: people, sessions, bills or money. */
  readonly part: string;
  readonly rows: readonly Row[];
  readonly means: Means;
  readonly watchKey: IKey;
  readonly httpApiId: string;
  readonly authorizerFor: (scope: Construct) => IHttpRouteAuthorizer | undefined;
  readonly publicUrl: string;
  readonly bundleOf: (name: string) => BundledFunction;
}

/** The operations of some nouns: each a function with its role, and a route that leads to it. */
export class OperationsStack extends Stack {
  constructor(scope: Construct, id: string, props: OperationsStackProps) {
    super(scope, id, props);
    const { settings, part, rows, means, publicUrl } = props;
    const logs = new StackLogs(this, 'Logs', { name: settings.name, stack: part, key: props.watchKey });
    const httpApi = HttpApi.fromHttpApiAttributes(this, 'HttpApi', { httpApiId: props.httpApiId });
    const authorizer = props.authorizerFor(this);
    for (const row of rows) {
      const { lambda } = new ServiceFunction(this, row.operation, {
        bundle: props.bundleOf(row.operation),
        summary: row.summary,
        logs,
        statements: statementsFor(row.uses, means),
        environment: {
          ...environmentFor(row.uses, means),
          ORIGIN_SECRET: means.originSecret,
          PUBLIC_URL: publicUrl,
        },
        // The gateway gives up after 30 s: a function that goes on after that answers nobody.
        timeoutSeconds: row.timeoutSeconds ?? 29,
        memoryMb: row.memoryMb ?? 512,
      });
      const open = row.auth === 'none';
      const route = new HttpRoute(this, `${row.operation}Route`, {
        httpApi,
        routeKey: HttpRouteKey.with(`/api${row.path}`, HttpMethod[row.method]),
        integration: new HttpLambdaIntegration(`${row.operation}Integration`, lambda),
        ...(open || !authorizer ? {} : { authorizer }),
      });
      if (!open) continue;
      invariant(row.openBecause, `${row.operation} is open to everybody and does not say why`);
      openRoute(route, row.openBecause);
    }
  }
}
