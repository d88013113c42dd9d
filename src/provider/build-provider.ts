import { type KoaContextWithOIDC, Provider } from 'oidc-provider'
import type { ProviderSecrets } from '../crypto/provider-secrets.ts'
import { unescapeHtml } from '../domain/html-escape.ts'
import { isSessionId } from '../domain/id.ts'
import { Problem } from '../domain/problem.ts'
import { departFrom } from '../engine/clients/saml-departure.ts'
import type { Engine } from '../engine/engine.ts'
import { findLiveSession } from '../engine/sessions/live-session.ts'
import { endSession } from '../engine/sessions/revoke.ts'
import { continuePage, sendOnPage } from '../pages/message-page.ts'
import { words } from '../words/pages.ts'
import { say } from '../words/say.ts'
import { createConfiguration } from './configuration.ts'
import { adaptModels } from './model-overrides.ts'
import { clientNameOf, createProviderPages, localeFor, type ProviderPages, showOn } from './pages.ts'
import type { ProviderClient } from './provider-client.ts'
import { chosenSession } from './session-bridge.ts'
import { createTokenExchange, tokenExchangeGrant, tokenExchangeParameters } from './token-exchange.ts'

type Ctx = KoaContextWithOIDC

/** The library, configured, with our models and our own grant. */
export function buildProvider(engine: Engine, secrets: ProviderSecrets): Provider {
  const { issuer } = engine.settings
  const pages = createProviderPages(engine)
  const provider = new Provider(issuer, createConfiguration(engine, { secrets, pages }))
  provider.proxy = true // the headers it trusts are set by `handleRequest`
  adaptModels(provider, engine, secrets)
  provider.registerGrantType(
    tokenExchangeGrant,
    createTokenExchange(engine) as never,
    tokenExchangeParameters,
  )
  provider.use(async (ctx, next) => {
    await next()
    const reply = ctx as unknown as Ctx
    await afterLogout(engine, reply)
    await showOwnPages(engine, reply, pages)
    await slowDown(engine, reply)
    refuseStrangers(reply)
    hideSecretHash(reply)
  })
  // The interaction's session is our session: codes and tokens name it.
  provider.on('interaction.ended', ({ oidc: { result, session } }: Ctx) => {
    const id = (result as { session?: string } | undefined)?.session
    if (id !== undefined && session) session.uid = id
  })
  provider.on('server_error', (ctx: Ctx, error: unknown) => {
    if (error instanceof Problem) {
      ctx.status = error.status
      if (error.retryAfterSeconds !== undefined) ctx.set('retry-after', String(error.retryAfterSeconds))
    }
    engine.observe.backgroundFailure(`openid provider, ${ctx.oidc?.route}`, error)
  })
  return provider
}

/**
 * RP-initiated logout ends our session too (OIDC RP-Initiated Logout §2): the one that the application knows,
 * and that of this browser's cookie, if it is another by now.
 */
async function afterLogout(engine: Engine, ctx: Ctx): Promise<void> {
  if (ctx.oidc?.route !== 'end_session_confirm' || ctx.status !== 303) return
  const { session, params } = ctx.oidc
  let url = ctx.response.get('location')
  if (params?.logout) {
    for (const id of new Set([session?.uid, chosenSession(engine, ctx)])) {
      const own =
        id !== undefined && isSessionId(id)
          ? await findLiveSession(engine, { id, now: engine.clock.now() })
          : undefined
      if (!own) continue
      await endSession(engine, { session: own, ending: 'signed_out', actor: own.accountId })
      url = await departFrom(engine, { session: own, next: url })
    }
  }
  const { logout, signIn } = words[localeFor(ctx)]
  ctx.status = 200
  ctx.remove('location')
  showOn(
    engine,
    ctx,
    continuePage({ title: params?.logout ? logout.doneTitle : logout.title, label: signIn.goOn, url }),
  )
}

const ownForm = /<form method="post" action="([^"]*)">/
const ownInput = /<input type="hidden" name="([^"]*)" value="([^"]*)"\/>/g

/** Replaces the library's pages, which use an inline script. */
async function showOwnPages(engine: Engine, ctx: Ctx, pages: ProviderPages): Promise<void> {
  if (typeof ctx.body !== 'string' || !ctx.body.includes('<title>Submitting Callback</title>')) return
  const action = ownForm.exec(ctx.body)?.[1]
  if (action === undefined) return
  const { route } = ctx.oidc
  if (route === 'code_verification' || route === 'end_session') {
    ctx.status = 200
    return pages.instead(ctx)
  }
  const url = unescapeHtml(action)
  const values = Object.fromEntries(
    [...ctx.body.matchAll(ownInput)].map(([, name = '', value = '']) => [name, unescapeHtml(value)]),
  )
  const { goingOn, goOn } = words[localeFor(ctx)].signIn
  const title = say(localeFor(ctx), goingOn, {
    client: ctx.oidc.client ? clientNameOf(ctx.oidc.client) : new URL(url).host,
  })
  showOn(engine, ctx, sendOnPage({ title, label: goOn, url, values }), new URL(url).origin)
}

/** A device that polls too often gets `slow_down`, and has to wait longer (RFC 8628 §3.5). */
async function slowDown(engine: Engine, ctx: Ctx): Promise<void> {
  const code = ctx.oidc?.route === 'token' ? ctx.oidc.params?.device_code : undefined
  if (
    typeof code !== 'string' ||
    (ctx.body as { error?: string } | undefined)?.error !== 'authorization_pending'
  )
    return
  if (await engine.rateLimits.mayPoll(code)) return
  ctx.body = { error: 'slow_down', error_description: 'wait five seconds longer between requests' }
}

/** An unauthenticated caller learns nothing (RFC 7662 §2.1). */
function refuseStrangers(ctx: Ctx): void {
  if (ctx.oidc?.route !== 'introspection') return
  const client = ctx.oidc.client as unknown as ProviderClient | undefined
  const hasShownNothing =
    ctx.status === 400 &&
    client === undefined &&
    ctx.oidc.params?.client_id === undefined &&
    !ctx.get('authorization')
  if (!hasShownNothing && client?.clientAuthMethod !== 'none') return
  ctx.status = 401
  ctx.set('www-authenticate', `Basic realm="${ctx.oidc.issuer}"`)
  ctx.body = { error: 'invalid_client', error_description: 'client authentication is required' }
}

/** Reading a registration (RFC 7592) must not reveal the secret's hash. */
function hideSecretHash(ctx: Ctx): void {
  if (ctx.oidc?.route === 'client' && typeof ctx.body === 'object' && ctx.body !== null)
    delete (ctx.body as Record<string, unknown>).client_secret
  if (
    typeof ctx.body === 'object' &&
    ctx.body !== null &&
    /^(client|registration)$/.test(ctx.oidc?.route ?? '')
  ) {
    for (const own of ['sumun_settings', 'sumun_secret_hashes'])
      delete (ctx.body as Record<string, unknown>)[own]
  }
}
