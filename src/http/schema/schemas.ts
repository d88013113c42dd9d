import { type Static, type TSchema, Type } from 'typebox'
import { accountRoles, accountStates } from '../../domain/account.ts'
import { assurances } from '../../domain/assurance.ts'
import { idPattern } from '../../domain/id.ts'
import { locales } from '../../domain/locale.ts'
import { type ProblemCode, problems } from '../../domain/problem.ts'

export const timestamp = (description: string) => Type.String({ format: 'date-time', description })
/** An id with its prefix, such as `acc`. */
export const idOf = <Prefix extends string>(prefix: Prefix) =>
  Type.Unsafe<`${Prefix}_${string}`>(Type.String({ pattern: idPattern(prefix) }))
/** The reply of a route that sends nothing (204). */
export const nothing = (description: string) => Type.Null({ description })
export const anything = Type.Record(Type.String(), Type.Unknown())
export const nullable = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()])
export const emptyObject = Type.Object({}, { additionalProperties: false })
/** The body of a POST without parameters. */
export const noBody = nullable(emptyObject)
/** The type of a validated value; undefined if there is no schema. */
export type StaticOf<Schema> = Schema extends TSchema ? Static<Schema> : undefined

export const locale = Type.Enum([...locales], { description: 'Language of messages to the account' })
export const displayName = Type.String({
  minLength: 1,
  maxLength: 200,
  description: 'Display name',
  examples: ['Kim Minji'],
})

export const accountSchema = Type.Object(
  {
    id: idOf('acc'),
    state: Type.Enum([...accountStates]),
    role: Type.Enum([...accountRoles]),
    name: nullable(Type.String()),
    locale,
    email: nullable(Type.String()),
    email_verified: Type.Boolean(),
    username: nullable(Type.String()),
    phone: nullable(Type.String()),
    phone_verified: Type.Boolean(),
    created_at: timestamp('When the account was created'),
    updated_at: timestamp('When it was last changed'),
  },
  { $id: 'Account', description: 'An account, as its owner sees it' },
)

export const tokenPairSchema = Type.Object(
  {
    access_token: Type.String({ description: 'JWT (RFC 9068), for `Authorization: Bearer`' }),
    token_type: Type.Literal('bearer'),
    expires_in: Type.Integer({ description: 'Seconds' }),
    refresh_token: Type.String({ description: 'For `POST /refresh`; single use' }),
    scope: Type.String(),
  },
  { $id: 'TokenPair', description: 'RFC 6749 §5.1' },
)

export const sessionSchema = Type.Object(
  {
    id: idOf('ses'),
    current: Type.Boolean({ description: 'Whether it is the session of this token' }),
    acr: Type.Enum([...assurances]),
    amr: Type.Array(Type.String()),
    user_agent: nullable(Type.String()),
    source: nullable(Type.String({ description: 'The address it was created from' })),
    created_at: timestamp('When it was signed in'),
    last_used_at: timestamp('When it was last refreshed'),
    expires_at: timestamp('When it expires'),
  },
  { $id: 'Session', description: 'A signed-in device' },
)

export const credentialSchema = Type.Object(
  {
    id: idOf('crd'),
    method: Type.String({ description: "The method's id; `device` for a remembered browser" }),
    name: nullable(Type.String({ description: 'What its owner calls it' })),
    disabled: Type.Boolean({
      description: 'Disabled by guessing; a sign-in by another method, or from a known place, re-enables it',
    }),
    suspended: Type.Boolean({
      description: 'Set up while the account was in doubt: not valid until the owner keeps it',
    }),
    details: Type.Record(Type.String(), Type.Unknown(), {
      description: 'Details by method, without secrets',
    }),
    created_at: timestamp('When it was set up'),
    last_used_at: nullable(timestamp('When it was last used')),
  },
  { $id: 'Credential', description: 'A credential of an account' },
)

export const offersSchema = Type.Array(
  Type.Object({
    method: Type.String(),
    connection: Type.Optional(Type.String({ description: 'Of a method with connections: its slug' })),
    label: Type.Optional(Type.String({ description: 'The name of the connection, for buttons' })),
  }),
  { description: 'What may be proved next' },
)

/** Shared by every route under this id; the description of each status lists a route's problem codes. */
export const problemSchema = Type.Object(
  {
    type: Type.String({ description: '`urn:sumun:problem:` and the code' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String({ description: 'For people' }),
    code: Type.Enum(Object.keys(problems), { description: 'For programs; stable' }),
    errors: Type.Optional(
      Type.Array(
        Type.Object({
          field: Type.String({ description: 'JSON Pointer' }),
          code: Type.String(),
          message: Type.String(),
        }),
      ),
    ),
    request_id: Type.Optional(Type.String()),
  },
  { $id: 'Problem', description: 'RFC 9457', additionalProperties: true },
)
const problemReference = { $ref: 'Problem#' }

const everywhere: readonly ProblemCode[] = ['internal_error', 'database_unavailable']

/** The `response` entries of a route's errors, by status. Every route that uses the database has two more. */
export function problemResponses(...codes: ProblemCode[]): Record<string, unknown> {
  const byStatus = Map.groupBy(new Set([...codes, ...everywhere]), (code) => problems[code].status)
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => {
      const examples = Object.fromEntries(group.map((code) => [code, exampleOf(code)]))
      return [
        status,
        {
          description: group.join(', '),
          content: { 'application/problem+json': { schema: problemReference, examples } },
        },
      ]
    }),
  )
}

/** One object per code, shared by all routes. */
const exampleOf = (code: ProblemCode): object =>
  (examplesOfProblems[code] ??= { value: exampleProblem(code) })
const examplesOfProblems: Partial<Record<ProblemCode, object>> = {}
const exampleProblem = (code: ProblemCode): object => {
  const { status, title, detail } = problems[code]
  return { type: `urn:sumun:problem:${code}`, title, status, detail, code, request_id: 'q0xK2v1Z-5' }
}

/** The problems of every JSON body. */
export const bodyProblems = [
  'malformed_request',
  'invalid_fields',
  'body_too_large',
  'unsupported_media_type',
] as const satisfies ProblemCode[]

/** `beginEnrolment`, `email-link` → `beginEmailLinkEnrolment`, as in the OpenAPI document. */
export const operationOf = (verbAndNoun: string, method: string): string =>
  verbAndNoun.replace(
    /(?=[A-Z])/,
    method.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase()),
  )
