import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { Problem } from '../../shared/domain/problem';
import { problemDocument } from '../../shared/http/problemJson';

/** The gateway's own 404 is not problem+json and cannot be changed; the catch-all route answers instead. */
export const handler = async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
  const refusal = new Problem('not_found', { what: 'path' });
  const { status, headers, body } = problemDocument(refusal, event.requestContext?.requestId ?? 'none');
  return { statusCode: status, headers, body: JSON.stringify(body) };
};
