import { readFileSync } from 'node:fs';
import type { Answer, Content, OpenApi, Operation } from './contract';
import { conventions } from './conventions';
import { fieldList, typeOf } from './fields';
import { Html, html, type Insert, sentence } from './html';
import type { ToldProblem } from './problems';
import type { Schema } from './schemas';

/** The contract as one page that needs nothing else: no script, its style inside. Problems' `type` leads into it. */
export function docsPage(contract: OpenApi, problems: readonly ToldProblem[]): string {
  const nouns = contract.tags.map(({ name }) => ({ name, operations: operationsOf(contract, name) }));
  const objects = Object.entries(contract.components.schemas).filter(([name]) => !/Problem$/.test(name));
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${contract.info.title}: the API</title>
<style>${new Html(readFileSync('tools/docs/page.css', 'utf8'))}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the operations</a>
<header><h1>${contract.info.title}: the API</h1>
<p>Version ${contract.info.version}. As OpenAPI 3.1: <a href="/api/openapi.json">openapi.json</a>.</p></header>
<nav aria-label="Contents">${contents(nouns)}</nav>
<main id="main" tabindex="-1">
<section aria-labelledby="rules"><h2 id="rules">What holds for all</h2>
${conventions.map(([title, text]) => html`<h3>${title}</h3><p>${sentence(text)}</p>`)}</section>
<section aria-labelledby="operations"><h2 id="operations">Operations</h2>
${nouns.map(({ name, operations }) => html`<section aria-labelledby="${name}"><h3 id="${name}">${titled(name)}</h3>${operations.map(operationBlock)}</section>`)}</section>
<section aria-labelledby="objects"><h2 id="objects">Objects</h2>
${objects.map(([name, schema]) => objectBlock(name, schema))}</section>
<section aria-labelledby="problems"><h2 id="problems">Problems</h2>
${problems.map(problem =>
  problemBlock(
    problem,
    nouns.flatMap(noun => noun.operations),
  ),
)}</section>
</main>
</body>
</html>
`.text;
}

interface Shown {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}
interface Noun {
  readonly name: string;
  readonly operations: readonly Shown[];
}

const titled = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

const operationsOf = ({ paths, servers }: OpenApi, noun: string): Shown[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, operation]) => operation.tags[0] === noun)
      .map(([method, operation]) => ({ method: method.toUpperCase(), path: `${servers[0]?.url}${path}`, operation })),
  );

const contents = (nouns: readonly Noun[]): Html => html`<ul>
<li><a href="#rules">What holds for all</a></li>
${nouns.map(
  ({ name, operations }) => html`<li><a href="#${name}">${titled(name)}</a>
<ul>${operations.map(({ operation: { operationId } }) => html`<li><a href="#${operationId}">${operationId}</a></li>`)}</ul></li>`,
)}
<li><a href="#objects">Objects</a></li>
<li><a href="#problems">Problems</a></li>
</ul>`;

const operationBlock = ({ method, path, operation }: Shown): Html => html`<details id="${operation.operationId}">
<summary><span class="method ${method === 'GET' ? 'reads' : 'writes'}">${method}</span> <code>${path}</code> <span class="summary">${sentence(operation.summary)}</span></summary>
<p><a href="#${operation.operationId}"><code>${operation.operationId}</code></a> ${operation.description}</p>
${part(
  'Parameters',
  operation.parameters.length > 0 &&
    html`<ul class="fields">${operation.parameters.map(
      ({ name, in: place, required, description, schema }) =>
        html`<li><code>${name}</code> <span class="type">${place}, ${typeOf(schema)}</span>${required && html` <b>required</b>`} <span class="note">${description ?? ''}</span></li>`,
    )}</ul>`,
)}
${bodyPart(operation)}
${part('Answers', html`<ul class="answers">${Object.entries(operation.responses).map(([status, answer]) => answerLine(status, answer))}</ul>`)}
${part('Refusals', html`<ul>${Object.entries(operation.responses).map(([status, answer]) => refusalLine(status, answer))}</ul>`)}
</details>
`;

const part = (title: string, content: Insert): Insert => content && html`<h4>${title}</h4>${content}`;

function bodyPart({ requestBody }: Operation): Insert {
  if (!requestBody) return undefined;
  return Object.entries(requestBody.content).map(([type, { schema, example }]) => [
    part(
      'Body',
      html`<p><code>${type}</code>, ${requestBody.description}${schema?.description && `; ${schema.description}`}.</p>${schema && fieldList(schema, 'required')}`,
    ),
    part('Example', example !== undefined && html`<pre>${JSON.stringify(example, null, 2)}</pre>`),
  ]);
}

function answerLine(status: string, answer: Answer): Insert {
  const { description, content = {}, headers = {} } = answer;
  if (answer['x-problems']) return undefined;
  const told = Object.entries(headers).map(
    ([name, header]) =>
      html`<li><code>${name}</code> <span class="type">header</span> <span class="note">${sentence(header.description)}</span></li>`,
  );
  return html`<li><b>${status}</b> ${description}.${Object.entries(content).map(contentOf)}${told.length > 0 && html`<ul class="fields">${told}</ul>`}</li>`;
}

const contentOf = ([type, { schema }]: [string, Content]): Insert => {
  if (!schema) return html` <code>${type}</code>`;
  return schema.$ref ? html` ${typeOf(schema)}` : fieldList(schema, 'optional');
};

const refusalLine = (status: string, { 'x-problems': codes }: Answer): Insert =>
  codes && html`<li><b>${status}</b> ${codes.map((code, at) => [at > 0 && ', ', problemLink(code)])}</li>`;

const problemLink = (code: string): Html => html`<a href="#problem-${code}"><code>${code}</code></a>`;

const objectBlock = (name: string, schema: Schema): Html => html`<details id="object-${name}">
<summary><b class="object">${name}</b></summary>
${fieldList(schema, 'optional')}
</details>
`;

function problemBlock({ code, status, title, detail, facts }: ToldProblem, shown: readonly Shown[]): Html {
  const from = shown.filter(({ operation }) => operation.responses[status]?.['x-problems']?.includes(code));
  const links = from.map(({ operation: { operationId } }, at) => [
    at > 0 && ', ',
    html`<a href="#${operationId}">${operationId}</a>`,
  ]);
  const everywhere = from.length === shown.length;
  return html`<section class="problem" id="problem-${code}" aria-labelledby="title-${code}">
<h3 id="title-${code}"><b class="status">${status}</b> ${problemLink(code)}</h3>
<p><strong>${title}.</strong> ${sentence(detail)}</p>
${facts.length > 0 && fieldList(factsSchema(facts), 'optional')}
${from.length > 0 && html`<p class="note">From ${everywhere ? 'every operation' : links}.</p>`}
</section>
`;
}

const factsSchema = (facts: ToldProblem['facts']): Schema => ({
  type: 'object',
  properties: Object.fromEntries(facts.map(({ name, schema }) => [name, schema])),
  required: facts.filter(fact => fact.required).map(fact => fact.name),
});
