import type { Schema } from './schemas';

/** The part of OpenAPI 3.1 that the contract uses. */
export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly description?: string;
  readonly schema: Schema;
}
export interface Content {
  readonly schema?: Schema;
  readonly example?: unknown;
}
export interface Header {
  readonly description: string;
  readonly schema: Schema;
}
export interface Answer {
  readonly description: string;
  /** Codes of a refusal. */
  readonly 'x-problems'?: readonly string[];
  readonly headers?: Readonly<Record<string, Header>>;
  readonly content?: Readonly<Record<string, Content>>;
}
export interface Body {
  readonly description: string;
  readonly required: boolean;
  readonly content: Readonly<Record<string, Content>>;
}
export interface Operation {
  readonly operationId: string;
  readonly tags: readonly [string];
  readonly summary: string;
  readonly description: string;
  readonly 'x-roles'?: readonly string[];
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters: readonly Parameter[];
  readonly requestBody?: Body;
  readonly responses: Readonly<Record<string, Answer>>;
}
export interface OpenApi {
  readonly openapi: '3.1.1';
  readonly info: Readonly<Record<string, unknown>> & { readonly title: string; readonly version: string };
  readonly servers: readonly { readonly url: string }[];
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly securitySchemes: Readonly<Record<string, object>>;
  };
}
