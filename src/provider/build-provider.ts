import { type KoaContextWithOIDC, Provider } from 'oidc-provider'
import type { ProviderSecrets } from '../crypto/provider-secrets.ts'
import { isSessionId } from '../domain/id.ts'
import { Problem } from '../domain/problem.ts'
import type { Engine } from '../engine/engine.ts'
import { endSession } from '../engine/revoke.ts'
import { onwardPage } from '../pages/message-page.ts'
import { words } from '../pages/words/index.ts'
import { createConfiguration } from './configuration.ts'
import { adaptModels } from './models.ts'
import { createProviderPages, localeFor, showOn } from './pages.ts'
import { createTokenExchange, tokenExchangeGrant, tokenExchangeParameters } from './token-exchange.ts'

type Ctx = KoaContextWithOIDC

/** The library, configured, with our models and our own grant. */
export function buildProvider(engine: Engine, secrets: ProviderSecrets): Provider {
  const { issuer } = engine.settings
  const provider = new Provider(issuer, createConfiguration(engine, { secrets, pages: createProviderPages(engine) }))
  provider.proxy = true // `serve` writes the headers that it then believes
  adaptModels(provider, engine, secrets)
  provider.registerGrantType(tokenExchangeGrant, createTokenExchange(engine) as never, tokenExchangeParameters)
  provider.use(async (ctx, next) => {
    await next()
    await afterLogout(engine, ctx as unknown as Ctx)
    hideSecretHash(ctx as unknown as Ctx)
  })
  // The session of the interaction is the session of the house: codes and tokens name it.
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

/** Whoever signs out at an application's wish is signed out here, and so everywhere (OIDC RP-Initiated Logout §2). */
async function afterLogout(engine: Engine, ctx: Ctx): Promise<void> {
  if (ctx.oidc?.route !== 'end_session_confirm' || ctx.status !== 303) return
  const { session, params } = ctx.oidc
  const own = params?.logout && session && isSessionId(session.uid) ? await engine.store.sessions.find(session.uid) : undefined
  if (own) await endSession(engine, { session: own, ending: 'signed_out', actor: own.accountId })
  const { logout, signIn } = words[localeFor(ctx)]
  const url = ctx.response.get('location')
  ctx.status = 200
  ctx.remove('location')
  showOn(engine, ctx, onwardPage({ title: params?.logout ? logout.doneTitle : logout.title, label: signIn.goOn, url }))
}

/** Reading a registration back (RFC 7592) must not show what stands in the secret's place. */
function hideSecretHash(ctx: Ctx): void {
  if (ctx.oidc?.route === 'client' && typeof ctx.body === 'object' && ctx.body !== null)
    delete (ctx.body as Record<string, unknown>).client_secret
  if (typeof ctx.body === 'object' && ctx.body !== null && /^(client|registration)$/.test(ctx.oidc?.route ?? '')) {
    for (const own of ['sumun_settings', 'sumun_secret_hashes']) delete (ctx.body as Record<string, unknown>)[own]
  }
}
