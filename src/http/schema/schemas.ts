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
/** The body of a POST that says nothing more than its address does. */
export const noBody = nullable(emptyObject)
/** What a checked value is; undefined where there is no schema. */
export type StaticOf<Schema> = Schema extends TSchema ? Static<Schema> : undefined

export const locale = Type.Enum([...locales], { description: 'Language of what the account is told' })
export const displayName = Type.String({
  minLength: 1,
  maxLength: 200,
  description: 'Shown to people; proves nothing',
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
    created_at: timestamp('When the account was made'),
    updated_at: timestamp('When it was last changed'),
  },
  { $id: 'Account', description: 'An account, as its owner sees it' },
)

export const tokenPairSchema = Type.Object(
  {
    access_token: Type.String({ description: 'JWT (RFC 9068), for `Authorization: Bearer`' }),
    token_type: Type.Literal('bearer'),
    expires_in: Type.Integer({ description: 'Seconds' }),
    refresh_token: Type.String({ description: 'For `POST /refresh`, once' }),
    scope: Type.String(),
  },
  { $id: 'TokenPair', description: 'RFC 6749 §5.1' },
)

export const sessionSchema = Type.Object(
  {
    id: idOf('ses'),
    current: Type.Boolean({ description: 'The one this token belongs to' }),
    acr: Type.Enum([...assurances]),
    amr: Type.Array(Type.String()),
    user_agent: nullable(Type.String()),
    source: nullable(Type.String({ description: 'Address it was made from' })),
    created_at: timestamp('When it was signed in'),
    last_used_at: timestamp('When it was last refreshed'),
    expires_at: timestamp('When it ends by itself'),
  },
  { $id: 'Session', description: 'A signed-in device' },
)

export const credentialSchema = Type.Object(
  {
    id: idOf('crd'),
    method: Type.String({ description: "The method's id; `device` for a remembered browser" }),
    name: nullable(Type.String({ description: 'What its owner calls it' })),
    disabled: Type.Boolean({
      description: 'Guessed at too often; signing in another way, or from a known place, brings it back',
    }),
    suspended: Type.Boolean({
      description: 'Set up while the account was in doubt: proves nothing until its owner keeps it',
    }),
    details: Type.Record(Type.String(), Type.Unknown(), {
      description: 'What the method tells of it; never a secret',
    }),
    created_at: timestamp('When it was set up'),
    last_used_at: nullable(timestamp('When it last proved something')),
  },
  { $id: 'Credential', description: 'Something an account can prove itself with' },
)

export const offersSchema = Type.Array(Type.Object({ method: Type.String() }), {
  description: 'What may be proved next',
})

/**
 * Shared by every route under this id; the codes a route may answer stand in the description of each status.
 */
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

/**
 * The `response` entries of a route's errors, one a status. Every route that touches the database may answer
 * two more.
 */
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

/** One object a code, shared by all routes. */
const exampleOf = (code: ProblemCode): object =>
  (examplesOfProblems[code] ??= { value: exampleProblem(code) })
const examplesOfProblems: Partial<Record<ProblemCode, object>> = {}
const exampleProblem = (code: ProblemCode): object => {
  const { status, title, detail } = problems[code]
  return { type: `urn:sumun:problem:${code}`, title, status, detail, code, request_id: 'q0xK2v1Z-5' }
}

/** What a request body with JSON may always be refused for. */
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
