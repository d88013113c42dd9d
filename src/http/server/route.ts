import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import type { Static, TNull, TSchema } from 'typebox'
import type { ProblemCode } from '../../domain/problem.ts'
import { anyone, type Guard } from '../caller/guards.ts'
import type { HttpContext } from '../context.ts'
import { registerNamed } from '../schema/named.ts'
import { bodyProblems, problemResponses, type StaticOf } from '../schema/schemas.ts'
import type { Tag } from './openapi.ts'

// biome-ignore lint/suspicious/noConfusingVoidType: a handler of 204 returns nothing
type Sent<Reply extends TSchema> = (Reply extends TNull ? void : Static<Reply>) | FastifyReply

/** A handler's input: validated by the schemas, and what the guard granted. */
export interface Call<Params, Query, Body, Granted> {
  params: StaticOf<Params>
  query: StaticOf<Query>
  body: StaticOf<Body>
  granted: Awaited<Granted>
  request: FastifyRequest
  reply: FastifyReply
}

export interface Route<Params, Query, Body, Reply extends TSchema, Granted> {
  /** In the OpenAPI document; the function name of generated clients. */
  operationId: string
  summary: string
  description?: string
  tag: Tag
  /** By default anyone may call. */
  guard?: Guard<Granted>
  params?: Params
  query?: Query
  body?: Body
  /** Content types of the body besides JSON. */
  consumes?: string[]
  produces?: string[]
  /** The schema of a successful reply; null is 204. */
  reply: Reply
  status?: 200 | 201
  /** Further replies, by status. */
  also?: Record<number, TSchema>
  /** The problems that the handler throws; those of the guard and the schemas are added. */
  errors?: readonly ProblemCode[]
  preValidation?: RouteOptions['preValidation']
  handler(call: Call<Params, Query, Body, Granted>): Sent<Reply> | Promise<Sent<Reply>>
}

/**
 * Registers a route of the API: `route(context, 'GET /v1/me', { … })`. Every API route is registered here.
 */
export function route<
  Params extends TSchema | undefined = undefined,
  Query extends TSchema | undefined = undefined,
  Body extends TSchema | undefined = undefined,
  Reply extends TSchema = TSchema,
  Granted = undefined,
>(
  context: Pick<HttpContext, 'app' | 'engine'>,
  address: `${string} /${string}`,
  route: Route<Params, Query, Body, Reply, Granted>,
): void {
  const { app, engine } = context
  const [method = '', url = ''] = address.split(' ')
  const guard = (route.guard ?? anyone) as Guard<Granted>
  const isEmpty = (route.reply as { type?: string }).type === 'null'
  const status = isEmpty ? 204 : (route.status ?? 200)
  const send = (reply: FastifyReply, sent: unknown): unknown =>
    sent === reply ? reply : reply.code(status).send(sent)
  const answer = (request: FastifyRequest, reply: FastifyReply, granted: Awaited<Granted>): unknown => {
    const { params, query, body } = request as unknown as Call<Params, Query, Body, Granted>
    const sent = route.handler({ params, query, body, granted, request, reply })
    return sent instanceof Promise ? sent.then((value) => send(reply, value)) : send(reply, sent)
  }

  const {
    operationId,
    summary,
    description,
    tag,
    consumes,
    produces,
    params,
    query,
    body,
    reply,
    also,
    errors = [],
  } = route
  const refused: readonly ProblemCode[] = body ? bodyProblems : params || query ? ['invalid_fields'] : []
  const schema = {
    ...{ operationId, summary, tags: [tag], security: guard.security },
    ...(description !== undefined && { description }),
    ...(consumes && { consumes: ['application/json', ...consumes] }),
    ...(produces && { produces }),
    ...(params && { params }),
    ...(query && { querystring: query }),
    ...(body && { body }),
    response: { [status]: reply, ...also, ...problemResponses(...guard.problems, ...refused, ...errors) },
  }
  registerNamed(app, schema)
  app.route({
    method,
    url,
    schema,
    ...(route.preValidation && { preValidation: route.preValidation }),
    handler(request, reply) {
      const granted: unknown = guard.admit(engine, request)
      return granted instanceof Promise
        ? granted.then((awaited) => answer(request, reply, awaited))
        : answer(request, reply, granted as Awaited<Granted>)
    },
  })
}
