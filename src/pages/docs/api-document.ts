/** What the page of the API reads of an OpenAPI 3.1 document. */
export interface ApiDocument {
  info: { title: string; version: string; description?: string }
  servers?: readonly { url: string }[]
  tags?: readonly { name: string; description?: string }[]
  paths: Readonly<Record<string, Readonly<Record<string, Described>>>>
  components?: { schemas?: Readonly<Record<string, Schema>> }
}

export interface Schema {
  $ref?: string
  type?: string | readonly string[]
  description?: string
  properties?: Readonly<Record<string, Schema>>
  required?: readonly string[]
  items?: Schema
  anyOf?: readonly Schema[]
  enum?: readonly unknown[]
  const?: unknown
  default?: unknown
  examples?: readonly unknown[]
  pattern?: string
}

export interface Parameter {
  name: string
  in: string
  required?: boolean
  description?: string
  schema?: Schema
}

type Content = Readonly<Record<string, { schema?: Schema }>>

interface Described {
  operationId: string
  summary?: string
  description?: string
  tags?: readonly string[]
  security?: readonly object[]
  parameters?: readonly Parameter[]
  requestBody?: { content: Content }
  responses: Readonly<Record<string, { description?: string; content?: Content }>>
}

/** One call of the API. */
export interface Operation extends Pick<Described, 'operationId' | 'responses'> {
  method: string
  path: string
  tag: string
  summary: string
  description: string
  /** Whether it takes a token. */
  isGuarded: boolean
  parameters: readonly Parameter[]
  /** Absent where there is none. JSON, where both are taken. */
  body?: { type: string; schema: Schema }
}

const formType = 'application/x-www-form-urlencoded'

export const operationsOf = ({ paths }: ApiDocument): Operation[] =>
  Object.entries(paths).flatMap(([path, byMethod]) =>
    Object.entries(byMethod).map(([method, described]) => operation(method.toUpperCase(), path, described)),
  )

function operation(method: string, path: string, described: Described): Operation {
  const { operationId, summary = '', description = '', tags = [], security, responses } = described
  const content = described.requestBody?.content ?? {}
  const type = ['application/json', formType].find((one) => content[one]?.schema)
  const schema = type === undefined ? undefined : content[type]?.schema
  return {
    ...{ method, path, operationId, summary, description, responses },
    tag: tags[0] ?? '',
    isGuarded: security === undefined || security.length > 0,
    parameters: described.parameters ?? [],
    ...(type !== undefined && schema && { body: { type, schema } }),
  }
}

/** The name of what is referred to; undefined for a schema that is none. */
export const referenceName = ({ $ref }: Schema): string | undefined => $ref?.split('/').at(-1)

/** The schema that a reference names; others are themselves. */
export function resolved({ components }: ApiDocument, schema: Schema): Schema {
  const name = referenceName(schema)
  return name === undefined ? schema : (components?.schemas?.[name] ?? {})
}

export const isForm = ({ body }: Operation): boolean => body?.type === formType
