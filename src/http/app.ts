import { randomBytes } from 'node:crypto'
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http'
import cors from '@fastify/cors'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { Problem } from '../domain/problem.ts'
import { routedPath, type Site, siteOf } from '../domain/site.ts'
import type { HttpContext } from './context.ts'
import { routes } from './routes/index.ts'
import { providerRoutes } from './routes/oauth/provider.ts'
import { problemSchema } from './schema/schemas.ts'
import { installDocumentation } from './server/openapi.ts'
import { installProblemHandler, sendProblem, toProblem } from './server/problem-handler.ts'
import { installRequestTrace } from './server/request-trace.ts'
import { installSecurityHeaders } from './server/security-headers.ts'
import { parseStrictForm } from './server/strict-form.ts'
import { parseStrictJson } from './server/strict-json.ts'
import { checkingSerializer, compileValidator, plainSerializer } from './server/validation.ts'

const bodyBytesMax = 64 * 1024 // the largest valid body is well under 4 kB
const urlLengthMax = 6200 // of one parameter in a path: a request by SAML, sealed
const requestIdBytes = 6

/** Registers every route. The server listens already; it calls `listener` from now on. */
export async function createApp(
  given: Omit<HttpContext, 'app' | 'forms'> & { server: Server; checksReplies?: boolean },
): Promise<{ app: FastifyInstance; listener: RequestListener; forms: readonly string[] }> {
  const { server, settings, engine } = given
  const site = siteOf(engine.settings.issuer)
  let listener: RequestListener = () => undefined
  const app = fastify({
    serverFactory: (handler) => {
      listener = handler as (request: IncomingMessage, response: ServerResponse) => void
      return server
    },
    logger: false, // requests are counted, not logged; events are logged where they happen
    bodyLimit: bodyBytesMax,
    trustProxy:
      settings.trustProxy === 0 ? false : (_address: string, hop: number) => hop < settings.trustProxy,
    frameworkErrors: (error, request, reply) =>
      void sendProblem(reply as FastifyReply, request as FastifyRequest, toProblem(error)),
    genReqId: createRequestIds(),
    requestIdHeader: false,
    rewriteUrl: ({ url = '/' }) => routedPath(site, url),
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: urlLengthMax },
    schemaController: {
      compilersFactory: {
        buildValidator: (() => compileValidator) as never,
        buildSerializer: (() => (given.checksReplies ? checkingSerializer : plainSerializer)) as never,
      },
    },
  }) as unknown as FastifyInstance
  installParsers(app)
  installJsonOnly(app)
  installSecurityHeaders(app, given.engine)
  installProblemHandler(app, given)
  installBasePath(app, site)
  given.metrics.observeRequests(app)
  installRequestTrace(app)
  if (settings.corsOrigins.length > 0)
    await app.register(cors, {
      origin: [...settings.corsOrigins],
      methods: ['GET', 'POST', 'PATCH', 'DELETE'],
      credentials: true,
      maxAge: 600,
    })
  app.addSchema(problemSchema)
  await installDocumentation(app, { version: given.version, issuer: engine.settings.issuer })
  const context: HttpContext = { ...given, app, forms: [] }
  for (const install of routes) install(context)
  await app.register(async (own) => providerRoutes({ ...context, app: own }))
  await app.ready()
  return { app, listener, forms: context.forms }
}

/** Redirects name routes; browsers need the issuer's path. */
function installBasePath(app: FastifyInstance, { base }: Site): void {
  if (base === '') return
  app.addHook('onSend', async (_request, reply, payload) => {
    const location = reply.getHeader('location')
    if (typeof location === 'string' && /^\/(?!\/)/.test(location)) reply.header('location', base + location)
    return payload
  })
}

/** RFC 8935 §2.1: a token by itself. */
const securityEvent = 'application/secevent+jwt'

function installParsers(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) =>
    settle(done, () => parseStrictJson(body as Buffer)),
  )
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'buffer' },
    (_request, body, done) => settle(done, () => parseStrictForm(body as Buffer)),
  )
  app.addContentTypeParser(securityEvent, { parseAs: 'string' }, (_request, body, done) => done(null, body))
}

/**
 * A cross-site form needs no preflight; JSON does (Fetch §3.2.2). Only pages and OAuth 2 endpoints take
 * forms, and what an upstream provider posts.
 */
function installJsonOnly(app: FastifyInstance): void {
  app.addHook('preValidation', async ({ headers, routeOptions }) => {
    const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true
    const { takesForms, takesEvents } = routeOptions.config as { takesForms?: true; takesEvents?: true }
    if (headers['content-type']?.startsWith(securityEvent) && !takesEvents)
      throw new Problem('unsupported_media_type')
    if (isForm && routeOptions.url?.startsWith('/v1/') && !takesForms)
      throw new Problem('unsupported_media_type')
  })
}

function settle(done: (error: Error | null, value?: unknown) => void, parse: () => unknown): void {
  try {
    done(null, parse())
  } catch (error) {
    done(error as Error)
  }
}

/** Unique among processes and, within one, in order; cheap, since every request has one. */
function createRequestIds(): () => string {
  const process = randomBytes(requestIdBytes).toString('base64url')
  let last = 0
  return () => `${process}-${(++last).toString(36)}`
}
