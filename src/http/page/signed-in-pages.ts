import type { TSchema } from 'typebox'
import type { AccountWithIdentifiers } from '../../domain/account.ts'
import type { Credential } from '../../domain/credential.ts'
import type { Operation } from '../../domain/policy-document.ts'
import type { Session } from '../../domain/session.ts'
import type { Engine } from '../../engine/engine.ts'
import { judgeOperation } from '../../engine/policy/require-evidence.ts'
import type { Requester } from '../../engine/request-context.ts'
import { actingUnder } from '../../engine/sessions/authority.ts'
import { sessionOfCookie } from '../caller/session-cookie.ts'
import type { HttpContext } from '../context.ts'
import { pathOn } from './destination.ts'
import { faultOf, faultsByField } from './page-fault.ts'
import { type FormCall, formRoute, type PageAnswer, type PageCall, pageRoute } from './page-route.ts'
import { stepUpPath } from './step-up-path.ts'

/** The user who is signed in on this browser. */
export interface SignedIn {
  account: AccountWithIdentifiers
  session: Session
  credentials: readonly Credential[]
  requester: Requester
  /** The engine under this session's authority. */
  acting: Engine
}

type Schema = TSchema | undefined

/** A form that was not taken: what is wrong by field, and what was typed. */
export interface RefusedCall extends PageCall {
  faults: Readonly<Record<string, string>>
  typed: Readonly<Record<string, string>>
}

export interface SignedInPages {
  /** A page. `operation`: asks for recent evidence first. */
  page<Params extends Schema = undefined, Query extends Schema = undefined>(
    path: string,
    given: { operation?: Operation; query?: Query; params?: Params },
    handler: (user: SignedIn, call: PageCall<Params, Query>) => PageAnswer | Promise<PageAnswer>,
  ): void
  /**
   * A form. `back`: the page that shows a problem. `refused`: shows faults of fields beside them, with what
   * was typed.
   */
  form<Params extends Schema = undefined, Body extends Schema = undefined>(
    path: string,
    given: {
      operation?: Operation
      params?: Params
      body?: Body
      bodyLimit?: number
      back?: string
      refused?: (user: SignedIn, call: RefusedCall) => PageAnswer | Promise<PageAnswer>
    },
    handler: (
      user: SignedIn,
      call: FormCall<Params, undefined, Body, SignedIn>,
    ) => PageAnswer | Promise<PageAnswer>,
  ): void
}

/** Pages of a signed-in user; anyone else signs in first, and returns. */
export function createSignedInPages(context: HttpContext): SignedInPages {
  const { engine } = context
  const signIn = (returnTo: string): string => pathOn('/signin', { interaction: null, returnTo })

  async function userOf({ request, requester }: PageCall<Schema, Schema>): Promise<SignedIn | undefined> {
    const session = await sessionOfCookie(engine, request)
    const account = session && (await engine.store.accounts.find(session.accountId))
    if (!session || account?.state !== 'active') return undefined
    const credentials = await engine.store.credentials.listByAccount(account.id)
    const acting = actingUnder(engine, { owner: { accountId: account.id, sessionId: session.id } })
    return { account, session, credentials, requester, acting }
  }

  /**
   * The user, if the session's evidence is enough for the operation; otherwise the path to sign in or step
   * up, and return.
   */
  async function admit(
    call: PageCall<Schema, Schema>,
    { returnTo, operation }: { returnTo: string; operation: Operation | undefined },
  ): Promise<{ granted: SignedIn } | { instead: string }> {
    const user = await userOf(call)
    if (!user) return { instead: signIn(returnTo) }
    if (
      operation === undefined ||
      judgeOperation(engine, { ...user, operation, now: user.requester.now }).outcome === 'satisfied'
    )
      return { granted: user }
    const destination = { interaction: null, returnTo }
    const more = { session: user.session, asked: { operation }, anew: true, destination }
    return { instead: await stepUpPath(engine, call, more) }
  }

  return {
    page(path, { operation, ...schemas }, handler) {
      pageRoute(context, path, schemas, async (call) => {
        const returnTo = call.request.url.split('?')[0] as string
        const admitted = await admit(call, { returnTo, operation })
        return 'instead' in admitted ? admitted.instead : handler(admitted.granted, call)
      })
    },

    form(path, { operation, back = '/account', refused, ...schemas }, handler) {
      const returnTo = ({ params }: { params: unknown }): string =>
        back.replaceAll(/:(\w+)/g, (_, name: string) => (params as Record<string, string>)[name] ?? '')
      formRoute(
        context,
        path,
        {
          ...schemas,
          admit: (call) => admit(call, { returnTo: returnTo(call), operation }),
          // Signed out meanwhile: nothing was written.
          async onProblem(problem, call) {
            if (problem.code === 'invalid_token') return signIn(returnTo(call))
            const user = refused && problem.errors?.length ? await userOf(call) : undefined
            if (!refused || !user) return `${returnTo(call)}?fault=${faultOf(problem)}`
            call.reply.code(problem.status)
            return refused(user, { ...call, faults: faultsByField(problem) } as RefusedCall)
          },
        },
        (call) => handler(call.granted, call),
      )
    },
  }
}
