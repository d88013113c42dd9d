import type { FastifyReply, FastifyRequest } from 'fastify'
import type { TSchema } from 'typebox'
import { Problem } from '../../domain/problem.ts'
import { schemaCheck } from '../../domain/schema-check.ts'
import type { Requester } from '../../engine/request-context.ts'
import { requesterOf } from '../caller/requester.ts'
import { isFromThisSite } from '../caller/same-site.ts'
import type { HttpContext } from '../context.ts'
import { emptyObject, type StaticOf } from '../schema/schemas.ts'

type Routing = Pick<HttpContext, 'app' | 'engine' | 'forms'>

/** What the handler of a page is given. */
export interface PageCall<Params = undefined, Query = undefined> {
  params: StaticOf<Params>
  query: StaticOf<Query>
  requester: Requester
  request: FastifyRequest
  reply: FastifyReply
}

/** Of a form with a response of SAML: percent-encoded base64. */
export const answerBytesMax = 1024 * 1024

export interface FormCall<Params = undefined, Query = undefined, Body = undefined, Granted = undefined>
  extends PageCall<Params, Query> {
  body: StaticOf<Body>
  granted: Granted
}

/** A page, or a path to redirect the browser to (303). */
export type PageAnswer = FastifyReply | string

const send = (reply: FastifyReply, answer: PageAnswer): FastifyReply =>
  typeof answer === 'string' ? reply.redirect(answer, 303) : answer

const schemaOf = (params: TSchema | undefined, query: TSchema | undefined) => ({
  hide: true, // no part of the API
  ...(params && { params }),
  ...(query && { querystring: query }),
})

/** A page. GET changes nothing: mail scanners and previews visit it too. */
export function pageRoute<
  Params extends TSchema | undefined = undefined,
  Query extends TSchema | undefined = undefined,
>(
  { app, engine }: Routing,
  path: string,
  { params, query }: { params?: Params; query?: Query },
  handler: (call: PageCall<Params, Query>) => PageAnswer | Promise<PageAnswer>,
): void {
  app.get(path, { schema: schemaOf(params, query) }, async (request, reply) => {
    const call = {
      params: request.params,
      query: request.query,
      requester: requesterOf(engine, request),
      request,
      reply,
    }
    return send(reply, await handler(call as PageCall<Params, Query>))
  })
}

export interface Form<Params, Query, Body, Granted> {
  params?: Params
  query?: Query
  /** In bytes; that of the server by default. */
  bodyLimit?: number
  /** Absent: the form has no fields, only a button. */
  body?: Body
  /** Checked before the body: who may send the form, or where they are redirected instead. */
  admit?(call: PageCall<Params, Query>): Promise<{ granted: Granted } | { instead: PageAnswer }>
  /**
   * Shows a problem, or an invalid body, on a page. `typed`: the submitted text fields, to be shown again.
   */
  onProblem?(
    problem: Problem,
    call: PageCall<Params, Query> & { typed: Readonly<Record<string, string>> },
  ): PageAnswer | Promise<PageAnswer>
}

/**
 * A form of our pages; every form is registered here. Throws `cross_site_request` for cross-site requests
 * (CSRF, CWE-352). Answered by a redirect (Post/Redirect/Get), or by a page that shows what is wrong.
 */
export function formRoute<
  Params extends TSchema | undefined = undefined,
  Query extends TSchema | undefined = undefined,
  Body extends TSchema | undefined = undefined,
  Granted = undefined,
>(
  { app, engine, forms }: Routing,
  path: string,
  form: Form<Params, Query, Body, Granted>,
  handler: (call: FormCall<Params, Query, Body, Granted>) => PageAnswer | Promise<PageAnswer>,
): void {
  const { params, query, body: schema = emptyObject, admit, onProblem } = form
  const fits = schemaCheck(schema)
  forms.push(path)
  const limit = form.bodyLimit === undefined ? {} : { bodyLimit: form.bodyLimit }
  app.post(path, { schema: schemaOf(params, query), ...limit }, async (request, reply) => {
    if (!isFromThisSite(engine, request)) throw new Problem('cross_site_request')
    const call = {
      ...{
        params: request.params,
        query: request.query,
        requester: requesterOf(engine, request),
        request,
        reply,
      },
    } as PageCall<Params, Query>
    const admitted = await admit?.(call)
    if (admitted && 'instead' in admitted) return send(reply, admitted.instead)
    const body = request.body ?? {}
    try {
      if (!fits(body)) throw new Problem('invalid_fields')
      return send(
        reply,
        await handler({ ...call, body, granted: admitted?.granted } as FormCall<
          Params,
          Query,
          Body,
          Granted
        >),
      )
    } catch (error) {
      if (!(error instanceof Problem) || !onProblem) throw error
      return send(reply, await onProblem(error, { ...call, typed: textOf(body) }))
    }
  })
}

const textOf = (body: unknown): Record<string, string> =>
  typeof body === 'object' && body !== null
    ? Object.fromEntries(
        Object.entries(body).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
      )
    : {}
