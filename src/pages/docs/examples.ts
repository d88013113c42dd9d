import { type ApiDocument, isForm, type Operation } from './api-document.ts'
import { exampleValue } from './example-value.ts'

/** The same call, three times. */
export const exampleLanguages = { curl: 'curl', javascript: 'JavaScript', python: 'Python' } as const
export type ExampleLanguage = keyof typeof exampleLanguages

export interface ExampleCall {
  method: string
  url: string
  isGuarded: boolean
  /** JSON, or the fields of a form; undefined without a body. */
  body?: unknown
  isForm?: boolean
}

export function exampleCall(document: ApiDocument, operation: Operation): ExampleCall {
  const { method, path, isGuarded, parameters, body } = operation
  const needed = parameters.filter((one) => one.in === 'query' && one.required)
  const query = needed.map(({ name, schema = {} }) => `${name}=${exampleValue(document, schema)}`)
  return {
    method,
    url: (document.servers?.[0]?.url ?? '') + path + (query.length > 0 ? `?${query.join('&')}` : ''),
    isGuarded,
    ...(body && { body: exampleValue(document, body.schema), isForm: isForm(operation) }),
  }
}

export const exampleTexts = (call: ExampleCall): Record<ExampleLanguage, string> => ({
  curl: inCurl(call),
  javascript: inJavaScript(call),
  python: inPython(call),
})

const entriesOf = (body: unknown): [string, unknown][] =>
  typeof body === 'object' && body !== null ? Object.entries(body) : []

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

function inCurl({ method, url, isGuarded, body, isForm }: ExampleCall): string {
  const data = isForm
    ? entriesOf(body).map(([name, value]) => `--data-urlencode ${quoted(`${name}=${value}`)}`)
    : body === undefined
      ? []
      : ["-H 'content-type: application/json'", `-d ${quoted(JSON.stringify(body))}`]
  const verb = method === 'GET' || (method === 'POST' && body !== undefined) ? '' : ` -X ${method}`
  return [
    `curl${verb} ${quoted(url)}`,
    ...(isGuarded ? ['-H "authorization: Bearer $TOKEN"'] : []),
    ...data,
  ].join(' \\\n  ')
}

function inJavaScript({ method, url, isGuarded, body, isForm }: ExampleCall): string {
  const headers = [
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a template of the example
    ...(isGuarded ? ['authorization: `Bearer ${token}`'] : []),
    ...(body !== undefined && !isForm ? ["'content-type': 'application/json'"] : []),
  ]
  const options = [
    ...(method === 'GET' ? [] : [`  method: '${method}',`]),
    ...(headers.length > 0 ? [`  headers: { ${headers.join(', ')} },`] : []),
    ...(body === undefined
      ? []
      : [`  body: ${isForm ? 'new URLSearchParams' : 'JSON.stringify'}(${JSON.stringify(body)}),`]),
  ]
  const rest = options.length === 0 ? '' : `, {\n${options.join('\n')}\n}`
  return `const reply = await fetch('${url}'${rest})\nconsole.log(reply.status, await reply.text())`
}

function inPython({ method, url, isGuarded, body, isForm }: ExampleCall): string {
  const given = [
    ...(isGuarded ? ['    headers={"Authorization": f"Bearer {token}"},'] : []),
    ...(body === undefined ? [] : [`    ${isForm ? 'data' : 'json'}=${pythonLiteral(body)},`]),
  ]
  const rest = given.length === 0 ? `"${url}"` : `\n    "${url}",\n${given.join('\n')}\n`
  return `import requests\n\nreply = requests.${method.toLowerCase()}(${rest})\nprint(reply.status_code, reply.text)`
}

/** JSON, with the names that Python has for its constants. */
function pythonLiteral(value: unknown): string {
  if (value === null || value === undefined) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (Array.isArray(value)) return `[${value.map(pythonLiteral).join(', ')}]`
  if (typeof value === 'object')
    return `{${Object.entries(value)
      .map(([name, one]) => `${JSON.stringify(name)}: ${pythonLiteral(one)}`)
      .join(', ')}}`
  return JSON.stringify(value)
}
