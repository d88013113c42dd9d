import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isForPeople } from '../../domain/embedded-request.ts'
import { type FieldFault, Problem, type ProblemCode, problems } from '../../domain/problem.ts'
import type { Quota } from '../../engine/limits/leaky-bucket.ts'
import { UniqueViolation } from '../../store/database.ts'
import { allWords } from '../../words/languages.ts'
import { pageLocale } from '../caller/locale.ts'
import type { HttpContext } from '../context.ts'
import { createFailureLog } from './log-failure.ts'
import { showProblem } from './problem-page.ts'
import { rateLimitHeaders } from './rate-limit-headers.ts'

export const problemType = 'application/problem+json'

const frameworkProblems: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_EMPTY_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'malformed_request',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'malformed_request',
  FST_ERR_BAD_URL: 'malformed_request',
}

/**
 * The one place where an error becomes a reply: an RFC 9457 problem document, or a page for a browser's
 * navigation.
 */
export function installProblemHandler(
  app: FastifyInstance,
  { log, engine }: Pick<HttpContext, 'log' | 'engine'>,
): void {
  const logFailure = createFailureLog(log)
  const answer = (request: FastifyRequest, reply: FastifyReply, problem: Problem) =>
    isForPeople(request.headers)
      ? showProblem(engine, request, reply, problem)
      : sendProblem(reply, request, problem)

  app.setErrorHandler((error: FastifyError, request, reply) => {
    const problem = toProblem(error)
    if (problem.status >= 500) {
      logFailure({
        level: problem.code === 'internal_error' ? 'error' : 'warn',
        event: 'request.failed',
        fields: { request_id: request.id, route: request.routeOptions.url, code: problem.code },
        err: problem.cause ?? problem,
        message: problem.title,
      })
    }
    return answer(request, reply, problem)
  })
  app.setNotFoundHandler((request, reply) => answer(request, reply, unknownAddress(app, request, reply)))
}

export function sendProblem(reply: FastifyReply, request: FastifyRequest, problem: Problem): FastifyReply {
  const { quota, ...extensions } = (problem.extensions ?? {}) as { quota?: Quota }
  if (problem.status === 401 || problem.code === 'insufficient_scope')
    reply.header('www-authenticate', challengeOf(problem))
  if (problem.retryAfterSeconds !== undefined) reply.header('retry-after', String(problem.retryAfterSeconds))
  if (quota) reply.headers(rateLimitHeaders(quota))
  return reply
    .code(problem.status)
    .header('content-type', `${problemType}; charset=utf-8`)
    .send({
      ...problemBody(problem),
      ...inLanguageOf(request, problem),
      ...extensions,
      request_id: request.id,
    })
}

/** Translated by `Accept-Language`. A specific detail is about this request, and is not translated. */
function inLanguageOf(
  request: FastifyRequest,
  { code, message }: Problem,
): { title?: string; detail?: string } {
  const locale = pageLocale(request)
  if (locale === 'en') return {}
  const { title, detail } = allWords[locale].problems[code]
  return { title, ...(message === problems[code].detail && { detail }) }
}

/** The members that every problem has (RFC 9457 §3.1), and `code`. */
export const problemBody = ({ code, title, status, message, errors }: Problem) => ({
  type: `urn:sumun:problem:${code}`,
  title,
  status,
  detail: message,
  code,
  ...(errors && { errors }),
})

/** RFC 6750 §3: the scheme only, if no token was sent; RFC 9470 §3 if the evidence is not recent enough. */
function challengeOf({ code, extensions }: Problem): string {
  if (code === 'not_authenticated') return 'Bearer'
  if (code === 'insufficient_scope') return `Bearer error="insufficient_scope", scope="${extensions?.scope}"`
  if (code === 'insufficient_user_authentication') {
    const wanted = ['acr_values', 'max_age'].flatMap((name) =>
      extensions?.[name] === undefined ? [] : [`${name}="${extensions[name]}"`],
    )
    return ['Bearer error="insufficient_user_authentication"', ...wanted].join(', ')
  }
  return 'Bearer error="invalid_token"'
}

export function toProblem(error: FastifyError | Problem): Problem {
  if (error instanceof Problem) return error
  if (error instanceof UniqueViolation) return new Problem('conflict', { cause: error })
  if (error.validation) return new Problem('invalid_fields', { errors: error.validation.map(toFieldFault) })
  const code = frameworkProblems[error.code]
  if (code) return new Problem(code, { cause: error })
  const isClientFault = error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500
  return new Problem(isClientFault ? 'malformed_request' : 'internal_error', { cause: error })
}

const toFieldFault = ({
  instancePath,
  keyword,
  message,
}: NonNullable<FastifyError['validation']>[number]): FieldFault => ({
  field: instancePath,
  code: keyword,
  message: message ?? keyword,
})

function unknownAddress(app: FastifyInstance, { url, method }: FastifyRequest, reply: FastifyReply): Problem {
  const [path = ''] = url.split('?')
  const allowed = (['GET', 'POST', 'PATCH', 'DELETE'] as const).filter(
    (candidate) => candidate !== method && app.findRoute({ url: path, method: candidate }),
  )
  if (allowed.length === 0) return new Problem('not_found')
  reply.header('allow', allowed.join(', '))
  return new Problem('method_not_allowed')
}
