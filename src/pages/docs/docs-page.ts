import { problems } from '../../domain/problem.ts'
import { adminScopes } from '../../domain/role.ts'
import { compactStyle } from '../compact.ts'
import { type Html, html } from '../html.ts'
import { style } from '../style.ts'
import { type ApiDocument, type Operation, operationsOf, resolved, type Schema } from './api-document.ts'
import { docsStyle } from './docs-style.ts'
import { exampleValue, typeName } from './example-value.ts'
import { type ExampleCall, exampleCall, exampleLanguages, exampleTexts } from './examples.ts'

/** The style sheet, which every version of the page shares. */
export const docsSheet = compactStyle(style + docsStyle)

/**
 * The page of the API: a first call, every operation with examples and a form to try it, and the list of
 * problems. It is complete without script, and loads nothing from other servers. `base`: the issuer's path.
 */
export function docsPage(document: ApiDocument, base: string): string {
  const operations = operationsOf(document)
  const tags = (document.tags ?? []).filter(({ name }) => operations.some(({ tag }) => tag === name))
  const { info } = document
  return `<!doctype html>\n${
    html`<html lang="en" data-base="${base}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${info.title} API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${base}/docs/docs.css">
</head>
<body>
<div class="docs">
<nav aria-label="Contents"><strong>${info.title} ${info.version}</strong><ul>
<li><a href="#first-call">First call</a></li>
<li><a href="#try-it">Try it here</a></li>
<li><a href="#problems">Errors</a></li>
</ul><ul>
${tags.map(({ name, description }) => html`<li><a href="#tag-${name}">${description ?? name}</a></li>`)}
</ul><a href="${base}/openapi.json">OpenAPI document</a></nav>
<main>
<h1>${info.title} API</h1>
<p>${inline(info.description ?? '')}</p>
${languageChoice}
${firstCall(document)}
${authorize}
${tags.map(
  ({ name, description }) =>
    html`<section id="tag-${name}"><h2>${description ?? name}</h2>
${operations.filter(({ tag }) => tag === name).map((one) => operationPart(document, one))}</section>
`,
)}
${problemList}
</main>
</div>
<script type="module" src="${base}/docs/docs.js"></script>
</body>
</html>`.text
  }\n`
}

const languageChoice = html`<fieldset class="languages"><legend class="aside">Language of the examples</legend>${Object.entries(
  exampleLanguages,
).map(
  ([id, name], place) =>
    html`<label><input type="radio" name="language" id="in-${id}"${place === 0 && html` checked`}> ${name}</label>`,
)}</fieldset>`

/** Code marked as in Markdown. */
const inline = (text: string): Html[] =>
  text.split(/`([^`]+)`/).map((part, place) => (place % 2 === 1 ? html`<code>${part}</code>` : html`${part}`))

const examplesOf = (call: ExampleCall): Html[] =>
  Object.entries(exampleTexts(call)).map(([language, text]) => html`<pre class="${language}">${text}</pre>`)

function firstCall({ servers }: ApiDocument): Html {
  const server = servers?.[0]?.url ?? ''
  const user = { email: 'minji@example.com', password: 'copper lantern under the pier' }
  const call = (method: string, path: string, body?: unknown): Html[] =>
    examplesOf({
      method,
      url: server + path,
      isGuarded: body === undefined,
      ...(body !== undefined && { body }),
    })
  return html`<section id="first-call"><h2>First call</h2>
<p>Make an account. The reply has an access token, good for a few minutes, and a refresh token.</p>
${call('POST', '/v1/accounts', user)}
<p>Sign in. A second factor, where one is needed, continues at <code>/v1/attempts</code>.</p>
${call('POST', '/login', { username: user.email, password: user.password })}
<p>Send the access token with a request. Your own services verify it by themselves, with the keys at <code>/.well-known/jwks.json</code>.</p>
${call('GET', '/protected')}
</section>
`
}

const authorize = html`<section id="try-it"><h2>Try it here</h2>
<p>Sign in once, then open a call below and press Send. The token stays in this page, and is gone when you close it.</p>
<noscript><p>This needs JavaScript, which is off in this browser.</p></noscript>
<form id="authorize" data-with-script>
<label for="username">Username or e-mail address</label><input id="username" name="username" autocomplete="username" required>
<label for="secret">Password</label><input id="secret" name=password type=password autocomplete="current-password" required>
<label for="scope">Scope</label><select id="scope" name="scope">${['account', ...adminScopes].map((scope) => html`<option value="${scope}">${scope}</option>`)}</select>
<button>Authorize</button>
<p role="status" id="authorized"></p>
</form>
</section>
`

function operationPart(document: ApiDocument, operation: Operation): Html {
  const { method, path, operationId, summary, description, isGuarded, body, responses } = operation
  return html`<details class="call" id="${operationId}"><summary><span class="verb ${method.toLowerCase()}">${method}</span><span class="path">${path}</span><span class="hint">${summary}</span></summary>
<div>
${description !== '' && html`<p>${inline(description)}</p>`}
${isGuarded && html`<p class="hint">Needs an access token.</p>`}
${parameterTable(operation)}
${body && html`<h3>Body</h3>${fieldTable(document, body.schema)}`}
<h3>Example</h3>
${examplesOf(exampleCall(document, operation))}
<h3>Replies</h3>
<table><tbody>${Object.entries(responses).map(
    ([status, reply]) =>
      html`<tr><th scope="row"><code>${status}</code></th><td>${reply.description === 'Default Response' ? '' : problemLinks(reply.description ?? '')} ${replySchema(document, reply.content)}</td></tr>`,
  )}</tbody></table>
${tryForm(document, operation)}
</div></details>
`
}

function parameterTable({ parameters }: Operation): Html | false {
  return (
    parameters.length > 0 &&
    html`<h3>Parameters</h3><table><tbody>${parameters.map(
      ({ name, in: where, required, description = '' }) =>
        html`<tr><th scope="row"><code>${name}</code></th><td>${where}${required && ', required'}</td><td>${inline(description)}</td></tr>`,
    )}</tbody></table>`
  )
}

function fieldTable(document: ApiDocument, given: Schema): Html | false {
  const { properties = {}, required = [] } = resolved(document, given)
  const rows = Object.entries(properties)
  return (
    rows.length > 0 &&
    html`<table><tbody>${rows.map(
      ([name, schema]) =>
        html`<tr><th scope="row"><code>${name}</code></th><td>${typeName(document, schema)}${required.includes(name) && ', required'}</td><td>${inline(resolved(document, schema).description ?? '')}</td></tr>`,
    )}</tbody></table>`
  )
}

/** Codes of problems lead to their row. */
const problemLinks = (text: string): Html[] =>
  text
    .split(/([a-z_]+)/)
    .map((part) =>
      Object.hasOwn(problems, part) ? html`<a href="#problem-${part}">${part}</a>` : html`${part}`,
    )

function replySchema(
  document: ApiDocument,
  content: Readonly<Record<string, { schema?: Schema }>> = {},
): Html | false {
  const schema = content['application/json']?.schema
  return schema !== undefined && html`<pre>${JSON.stringify(exampleValue(document, schema), null, 2)}</pre>`
}

function tryForm(document: ApiDocument, operation: Operation): Html | false {
  const { operationId, method, path, parameters, body } = operation
  const value = body && exampleValue(document, body.schema)
  return html`<form class="try" data-with-script data-method="${method}" data-path="${path}"${body && html` data-type="${body.type}"`}>
${parameters
  .filter(({ in: where }) => where !== 'header')
  .map(
    ({ name, in: where, required }) =>
      html`<label for="${operationId}-${name}">${name}</label><input id="${operationId}-${name}" name="${name}" data-in="${where}"${required && html` required`}>`,
  )}
${body && html`<label for="${operationId}-body">Body</label><textarea id="${operationId}-body" data-body spellcheck="false">${JSON.stringify(value, null, 2)}</textarea>`}
<button>Send</button>
<div role="status"></div>
</form>`
}

const problemList = html`<section id="problems"><h2>Errors</h2>
<p>Every error is a problem document (RFC 9457). <code>code</code> is for programs and keeps its meaning; <code>title</code> and <code>detail</code> are for people, in the language of <code>Accept-Language</code>. The calls under <code>/oauth</code> answer as OAuth 2 says (RFC 6749 §5.2).</p>
<table><thead><tr><th scope="col">code</th><th scope="col">status</th><th scope="col">what to do</th></tr></thead><tbody>${Object.entries(
  problems,
).map(
  ([code, { status, detail }]) =>
    html`<tr id="problem-${code}"><th scope="row"><code>${code}</code></th><td>${status}</td><td>${inline(detail)}</td></tr>`,
)}</tbody></table></section>
`
