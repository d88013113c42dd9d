import type { FastifyReply, FastifyRequest } from 'fastify'
import { type TSchema, Type } from 'typebox'
import type { AccountWithIdentifiers } from '../../domain/account.ts'
import type { Credential } from '../../domain/credential.ts'
import type { Operation } from '../../domain/policy-document.ts'
import { Problem } from '../../domain/problem.ts'
import { schemaCheck } from '../../domain/schema-check.ts'
import type { Session } from '../../domain/session.ts'
import type { Engine } from '../../engine/engine.ts'
import { judgeOperation } from '../../engine/policy/require-evidence.ts'
import type { Requester } from '../../engine/request-context.ts'
import { actingUnder } from '../../engine/sessions/authority.ts'
import { openAttempt, plainRequest } from '../../engine/sign-in/open-attempt.ts'
import { keepBrowser } from '../caller/browser-cookie.ts'
import { requesterOf } from '../caller/requester.ts'
import { sessionOfCookie } from '../caller/session-cookie.ts'
import type { HttpContext } from '../context.ts'
import { faultOf } from './page-fault.ts'
import { pathOn } from './return-to.ts'

/** Whoever is signed in on this browser. */
export interface SignedInPage {
  account: AccountWithIdentifiers
  session: Session
  credentials: readonly Credential[]
  requester: Requester
  /** The engine, whose every write holds this session. */
  acting: Engine
}

/** What a page or a form of theirs does; what it returns was sent. */
export type SignedInPageHandler = (person: SignedInPage, request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>

export interface PersonalPages {
  /** A page that shows. `operation`: what is at stake there, so that it asks for recent proof first. */
  page(path: string, given: { operation?: Operation; querystring?: TSchema; params?: TSchema }, handler: SignedInPageHandler): void
  /**
   * A form that changes. It answers with a redirect: to `back`, where its reader is told what went wrong, or to the address it returns.
   * A body that does not fit `body`, or anything where that is left out, is one of those faults.
   */
  form(
    path: string,
    given: { operation?: Operation; params?: TSchema; body?: TSchema; back?: string },
    handler: (person: SignedInPage, request: FastifyRequest, reply: FastifyReply) => Promise<string | FastifyReply>,
  ): void
}

const nothing = Type.Object({}, { additionalProperties: false })

/** Pages of whoever is signed in: anybody else signs in first, and comes back. */
export function createSignedInPages({ app, engine }: HttpContext): PersonalPages {
  const backTo = ({ url }: FastifyRequest): string => url.split('?')[0] as string

  async function personOf(request: FastifyRequest): Promise<SignedInPage | undefined> {
    const session = await sessionOfCookie(engine, request)
    const account = session && (await engine.store.accounts.find(session.accountId))
    if (account?.state !== 'active') return undefined
    const credentials = await engine.store.credentials.listByAccount(account.id)
    const acting = actingUnder(engine, { owner: { accountId: account.id, sessionId: (session as Session).id } })
    return { account, session: session as Session, credentials, requester: requesterOf(engine, request), acting }
  }

  const hasProved = (person: SignedInPage, operation: Operation | undefined): boolean =>
    operation === undefined || judgeOperation(engine, { ...person, operation }).outcome === 'satisfied'

  /** Proves once more who they are, and comes back to `returnTo`. */
  async function stepUp(
    { session, requester }: SignedInPage,
    {
      request,
      reply,
      returnTo,
      operation,
    }: { request: FastifyRequest; reply: FastifyReply; returnTo: string; operation: Operation | undefined },
  ): Promise<FastifyReply> {
    const { attempt } = await openAttempt(engine, {
      purpose: 'step-up',
      request: { ...plainRequest, operation: operation ?? null },
      requester,
      browser: keepBrowser(engine, request, reply),
      session,
      anew: true,
    })
    return reply.redirect(pathOn(`/signin/${attempt.id}`, { interaction: null, returnTo }), 303)
  }

  return {
    page(path, { operation, ...schema }, handler) {
      app.get(path, { schema: { hide: true, ...schema } }, async (request, reply) => {
        const person = await personOf(request)
        const returnTo = backTo(request)
        if (!person) return reply.redirect(pathOn('/signin', { interaction: null, returnTo }), 303)
        if (!hasProved(person, operation)) return stepUp(person, { request, reply, returnTo, operation })
        return handler(person, request, reply)
      })
    },

    form(path, { operation, params, body = nothing, back = '/account' }, handler) {
      const fits = schemaCheck(body)
      app.post(path, { schema: { hide: true, ...(params && { params }) } }, async (request, reply) => {
        const person = await personOf(request)
        const returnTo = back.replaceAll(/:(\w+)/g, (_, name: string) => (request.params as Record<string, string>)[name] ?? '')
        if (!person) return reply.redirect(pathOn('/signin', { interaction: null, returnTo }), 303)
        if (!hasProved(person, operation)) return stepUp(person, { request, reply, returnTo, operation })
        try {
          request.body ??= {}
          if (!fits(request.body)) throw new Problem('invalid_fields')
          const sent = await handler(person, request, reply)
          return typeof sent === 'string' ? reply.redirect(sent, 303) : sent
        } catch (error) {
          // Signed out meanwhile: nothing was written.
          if (error instanceof Problem && error.code === 'invalid_token')
            return reply.redirect(pathOn('/signin', { interaction: null, returnTo }), 303)
          return reply.redirect(`${returnTo}?fault=${faultOf(error)}`, 303)
        }
      })
    },
  }
}
