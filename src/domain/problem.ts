/**
 * Every error that leaves the server, in one place: a stable code, its HTTP status and its title. `docs/problems.md` and
 * the OpenAPI document are made from this table.
 */
export const problems = {
  malformed_request: { status: 400, title: 'The request could not be read' },
  invalid_fields: { status: 400, title: 'Some fields are not valid' },
  incorrect_credentials: { status: 400, title: 'Incorrect username or password' },
  answer_refused: { status: 400, title: 'The answer was not accepted' },
  challenge_not_open: { status: 400, title: 'There is no challenge to answer; begin again' },
  unsupported_grant_type: { status: 400, title: 'Only the password grant is accepted here' },
  invalid_refresh_token: { status: 401, title: 'The refresh token was not accepted' },
  not_authenticated: { status: 401, title: 'Not authenticated' },
  invalid_token: { status: 401, title: 'Invalid authentication credentials' },
  insufficient_user_authentication: { status: 401, title: 'A more recent sign-in is required' },
  account_disabled: { status: 403, title: 'The account is disabled' },
  more_evidence_required: { status: 403, title: 'More evidence is required' },
  sign_up_closed: { status: 403, title: 'New accounts are not accepted here' },
  invitation_required: { status: 403, title: 'A valid invitation is required' },
  insufficient_scope: { status: 403, title: 'The token may not do this' },
  cross_site_request: { status: 403, title: 'The request came from another site' },
  precondition_failed: { status: 412, title: 'It is not as you last saw it' },
  last_way_in: { status: 409, title: 'The last way in cannot be removed' },
  not_found: { status: 404, title: 'There is nothing here' },
  method_not_allowed: { status: 405, title: 'This address does not take that method' },
  identifier_taken: { status: 409, title: 'That name is taken' },
  conflict: { status: 409, title: 'Somebody else changed this at the same time' },
  last_operator: { status: 409, title: 'The last operator cannot be removed' },
  attempt_over: { status: 410, title: 'This attempt is over; begin another' },
  body_too_large: { status: 413, title: 'The request is too large' },
  unsupported_media_type: { status: 415, title: 'That content type is not accepted here' },
  weak_password: { status: 422, title: 'The password is too easy to guess' },
  enrolment_refused: { status: 422, title: 'This cannot be set up' },
  too_many_attempts: { status: 429, title: 'Too many attempts' },
  header_too_large: { status: 431, title: 'The request headers are too large' },
  unknown_transfer_coding: { status: 501, title: 'That transfer coding is not known here' },
  internal_error: { status: 500, title: 'Something went wrong here' },
  database_unavailable: { status: 503, title: 'The database cannot be reached' },
  busy: { status: 503, title: 'The server is busy' },
  not_ready: { status: 503, title: 'The server is not ready' },
  request_timeout: { status: 408, title: 'The request took too long' },
} as const satisfies Record<string, { status: number; title: string }>

export type ProblemCode = keyof typeof problems

/** `field` is a JSON Pointer (RFC 6901) into the request; `message` is for people. */
export interface FieldFault {
  field: string
  code: string
  message: string
}

export interface ProblemOptions {
  /** Safe for strangers. The title where left out. */
  detail?: string
  errors?: FieldFault[]
  retryAfterSeconds?: number
  /** Public members beside the standard ones (RFC 9457 §3.2). */
  extensions?: Record<string, unknown>
  /** For the log only. */
  cause?: unknown
}

/** Thrown by the engine; only the HTTP layer and the CLI turn it into words. */
export class Problem extends Error {
  readonly code: ProblemCode
  readonly status: number
  readonly title: string
  readonly errors: FieldFault[] | undefined
  readonly retryAfterSeconds: number | undefined
  readonly extensions: Record<string, unknown> | undefined

  constructor(code: ProblemCode, { detail, errors, retryAfterSeconds, extensions, cause }: ProblemOptions = {}) {
    const { status, title } = problems[code]
    super(detail ?? title, { cause })
    this.code = code
    this.status = status
    this.title = title
    this.errors = errors
    this.retryAfterSeconds = retryAfterSeconds
    this.extensions = extensions
  }
}
