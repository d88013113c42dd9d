/**
 * Every error that leaves the server: a stable code, its HTTP status, its title, and a detail that says what
 * happened and what to do. `docs/problems.md` and the OpenAPI document are made from this table; other
 * languages are in `words/<language>/problems.ts`.
 */
export const problems = {
  malformed_request: {
    status: 400,
    title: 'The request cannot be read',
    detail: 'The request is not well formed. Check its syntax, encoding and headers.',
  },
  invalid_fields: {
    status: 400,
    title: 'Some fields are not valid',
    detail: 'Some fields are not valid. `errors` names each; correct them and send the request again.',
  },
  incorrect_credentials: {
    status: 400,
    title: 'Incorrect username or password',
    detail: 'Incorrect username or password',
  },
  answer_refused: {
    status: 400,
    title: 'The answer is not right',
    detail: 'The answer is not right. Check it and try again.',
  },
  challenge_not_open: {
    status: 400,
    title: 'The challenge is over',
    detail: 'The challenge is unknown, expired or already answered. Begin a new one.',
  },
  unsupported_grant_type: {
    status: 400,
    title: 'Unsupported grant type',
    detail:
      'Only the password grant is accepted here. Other grants are at the token endpoint of the OpenID provider.',
  },
  invalid_refresh_token: {
    status: 401,
    title: 'Invalid refresh token',
    detail: 'The refresh token is unknown, expired, revoked or already used. Sign in again.',
  },
  not_authenticated: {
    status: 401,
    title: 'Not authenticated',
    detail: 'Not authenticated',
  },
  invalid_token: {
    status: 401,
    title: 'Invalid authentication credentials',
    detail: 'Invalid authentication credentials',
  },
  insufficient_user_authentication: {
    status: 401,
    title: 'A more recent or stronger sign-in is required',
    detail:
      'The session’s evidence is not enough for this, or too old. Step up, then send the request again.',
  },
  account_disabled: {
    status: 403,
    title: 'The account is disabled',
    detail: 'An operator has disabled the account. Contact the site.',
  },
  more_evidence_required: {
    status: 403,
    title: 'More evidence is required',
    detail: 'One proof is not enough. Continue the attempt that is named here with one of its offers.',
  },
  sign_up_closed: {
    status: 403,
    title: 'Sign-up is closed',
    detail: 'New accounts are made by an operator only.',
  },
  invitation_required: {
    status: 403,
    title: 'An invitation is required',
    detail:
      'A new account needs a valid invitation. Open the link of the invitation again, or ask for a new one.',
  },
  insufficient_scope: {
    status: 403,
    title: 'Insufficient scope',
    detail: 'The token lacks the scope that this needs. Request a token with the scope in `scope`.',
  },
  cross_site_request: {
    status: 403,
    title: 'Cross-site request',
    detail:
      'The request came from a page of another site. Open the page on this site and send it from there.',
  },
  precondition_failed: {
    status: 412,
    title: 'Changed since you read it',
    detail: 'The resource has changed since you read it. Read it again, then change it with its new ETag.',
  },
  last_way_in: {
    status: 409,
    title: 'The last sign-in method cannot be removed',
    detail: 'This is the last sign-in method: nothing else could sign the account in. Set up another first.',
  },
  not_found: {
    status: 404,
    title: 'Not found',
    detail: 'There is nothing at this address, or you may not see it.',
  },
  method_not_allowed: {
    status: 405,
    title: 'Method not allowed',
    detail: 'This path does not support the method. The header `Allow` lists those that it supports.',
  },
  identifier_taken: {
    status: 409,
    title: 'The identifier is taken',
    detail: 'Another account has this e-mail address, username or phone number. Choose another.',
  },
  account_exists: {
    status: 409,
    title: 'An account has this address',
    detail:
      'There is an account with this e-mail address. Sign in to it by another method, then link the identity.',
  },
  conflict: {
    status: 409,
    title: 'Changed at the same time',
    detail: 'Another request changed this at the same time. Read it again and repeat the change.',
  },
  last_operator: {
    status: 409,
    title: 'The last operator cannot be removed',
    detail: 'This is the last operator, and the server needs one. Make another account operator first.',
  },
  last_admin: {
    status: 409,
    title: 'The last admin cannot be removed',
    detail: 'This is the last admin of the organisation. Make another member admin first.',
  },
  domain_not_proved: {
    status: 409,
    title: 'The domain is not proved',
    detail: 'The TXT record of the domain was not found. Add the record in `record`, and try again later.',
  },
  invitation_of_another: {
    status: 403,
    title: 'The invitation is for another address',
    detail:
      'The invitation is for an e-mail address that this account has not confirmed. Confirm it, or sign in to the account that has it.',
  },
  admin_role_required: {
    status: 403,
    title: 'Only an admin of the organisation can do this',
    detail: 'The account is a member of the organisation without the role `admin`. Ask one of its admins.',
  },
  not_tried: {
    status: 409,
    title: 'Not tried yet',
    detail: 'Sign in by this connection once first, so that you know it works.',
  },
  attempt_over: {
    status: 410,
    title: 'The attempt is over',
    detail: 'The attempt has ended or expired. Begin a new one.',
  },
  body_too_large: {
    status: 413,
    title: 'The body is too large',
    detail: 'The body is larger than is accepted here.',
  },
  unsupported_media_type: {
    status: 415,
    title: 'Unsupported content type',
    detail: 'The content type or coding of the body is not accepted here. Send JSON, uncompressed.',
  },
  weak_password: {
    status: 422,
    title: 'The password is too weak',
    detail: 'The password is too easy to guess. `errors` says why; choose another.',
  },
  enrolment_refused: {
    status: 422,
    title: 'This cannot be set up',
    detail: 'What was sent does not fit the challenge, or is not accepted here. Start again.',
  },
  too_many_attempts: {
    status: 429,
    title: 'Too many attempts',
    detail: 'Too many attempts. Wait as long as `Retry-After` says.',
  },
  header_too_large: {
    status: 431,
    title: 'The headers are too large',
    detail: 'The request headers are larger than is accepted here.',
  },
  unknown_transfer_coding: {
    status: 501,
    title: 'Unknown transfer coding',
    detail: 'Only the transfer coding `chunked` is known here.',
  },
  internal_error: {
    status: 500,
    title: 'Internal error',
    detail: 'This is a server error. Its log has a line with this request_id.',
  },
  database_unavailable: {
    status: 503,
    title: 'The database cannot be reached',
    detail: 'Nothing was changed, as far as is known. Try again shortly.',
  },
  upstream_unavailable: {
    status: 503,
    title: 'The identity provider does not answer',
    detail: 'The provider of this connection cannot be reached. Try again, or use another method.',
  },
  busy: {
    status: 503,
    title: 'The server is busy',
    detail: 'The server is at its limit. Try again shortly.',
  },
  not_ready: {
    status: 503,
    title: 'The server is not ready',
    detail: 'The server is starting or stopping. Try again shortly.',
  },
  request_timeout: {
    status: 408,
    title: 'The request took too long',
    detail: 'The request did not arrive in time. Send it again.',
  },
} as const satisfies Record<string, { status: number; title: string; detail: string }>

export type ProblemCode = keyof typeof problems

/** `field` is a JSON Pointer (RFC 6901) into the request; `message` is for people. */
export interface FieldFault {
  field: string
  code: string
  message: string
}

export interface ProblemOptions {
  /** Safe for strangers. That of the table where left out. */
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

  constructor(
    code: ProblemCode,
    { detail, errors, retryAfterSeconds, extensions, cause }: ProblemOptions = {},
  ) {
    const { status, title, detail: usual } = problems[code]
    super(detail ?? usual, { cause })
    this.code = code
    this.status = status
    this.title = title
    this.errors = errors
    this.retryAfterSeconds = retryAfterSeconds
    this.extensions = extensions
  }
}
