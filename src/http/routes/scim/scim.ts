import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify'
import { Problem } from '../../../domain/problem.ts'
import { ScimFault } from '../../../domain/scim/scim-fault.ts'
import type { Provisioner } from '../../../engine/provisioning/needs.ts'
import { checkScimToken } from '../../../engine/provisioning/scim-tokens.ts'
import { requesterOf } from '../../caller/requester.ts'
import type { HttpContext } from '../../context.ts'
import { createFailureLog } from '../../server/log-failure.ts'
import { parseStrictJson } from '../../server/strict-json.ts'
import { discoveryRoutes } from './discovery.ts'
import { scimGroupRoutes } from './groups.ts'
import { scimType, sendScimError } from './scim-error.ts'
import { scimUserRoutes } from './users.ts'

/** A group of ten thousand members in one call. */
const bodyBytesMax = 4 * 1024 * 1024

/**
 * SCIM 2.0 (RFC 7643, RFC 7644): the directory of an organisation keeps its users and groups here. A part of
 * the server with errors and media types of its own; every call is checked for its token before anything
 * else.
 */
export function scimRoutes({ app, engine, log }: HttpContext): void {
  const logFailure = createFailureLog(log)
  void app.register(
    async (scim: FastifyInstance) => {
      scim.removeContentTypeParser(['application/json', 'application/x-www-form-urlencoded'])
      scim.addContentTypeParser(
        ['application/scim+json', 'application/json'],
        { parseAs: 'buffer', bodyLimit: bodyBytesMax },
        async (_request: FastifyRequest, body: Buffer) => parseStrictJson(body),
      )
      const provisioners = new WeakMap<FastifyRequest, Provisioner>()
      scim.addHook('onRequest', async (request, reply) => {
        reply.header('content-type', scimType).header('cache-control', 'no-store')
        const { source } = requesterOf(engine, request)
        provisioners.set(request, await checkScimToken(engine, tokenOf(request), source))
      })
      scim.setErrorHandler((error: FastifyError, request, reply) => {
        const problem = sendScimError(reply, error)
        if (problem && problem.status >= 500)
          logFailure({
            level: problem.code === 'internal_error' ? 'error' : 'warn',
            event: 'request.failed',
            fields: { request_id: request.id, route: request.routeOptions.url, code: problem.code },
            err: problem.cause ?? problem,
            message: problem.title,
          })
      })
      scim.setNotFoundHandler((_request, reply) => {
        sendScimError(reply, new ScimFault(404, null, 'There is no such resource'))
      })
      const context = {
        ...{ scim, engine, issuer: engine.settings.issuer },
        provisionerOf: (request: FastifyRequest) => provisioners.get(request) as Provisioner,
      }
      discoveryRoutes(scim, engine.settings.issuer)
      scimUserRoutes(context)
      scimGroupRoutes(context)
    },
    { prefix: '/scim/v2' },
  )
}

/** Throws `not_authenticated`, which says what is accepted. */
function tokenOf({ headers: { authorization = '' } }: FastifyRequest): string {
  const [, token] = /^Bearer +([\w.~+/-]+=*)$/i.exec(authorization) ?? []
  if (token === undefined)
    throw new Problem('not_authenticated', {
      detail: 'A SCIM token of the organisation is needed, as a bearer token in the header Authorization',
    })
  return token
}
