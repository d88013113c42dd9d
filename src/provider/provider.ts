import type { Provider } from 'oidc-provider'
import type { ProviderSecrets } from '../crypto/provider-secrets.ts'
import { signingAlgorithms } from '../domain/signing-key.ts'
import type { OpenIdProvider } from '../engine/clients/openid-provider.ts'
import type { Engine } from '../engine/engine.ts'
import { ensureSigningKeys } from '../engine/keys/rotate-keys.ts'
import { answerProgram } from './fast-client-credentials.ts'
import { openInteractionDesk } from './interactions.ts'
import { replyHeaders } from './reply-headers.ts'
import { isAskedByBrowser, methodsAt } from './routes.ts'

const invitationSeconds = 86_400

export function createOpenIdProvider(engine: Engine, secrets: ProviderSecrets): OpenIdProvider {
  let built: { provider: Provider; keys: unknown } | undefined
  let building: Promise<Provider> | undefined

  async function build(): Promise<Provider> {
    const { buildProvider } = await import('./build-provider.ts')
    await ensureSigningKeys(engine, signingAlgorithms)
    const keys = engine.keyRing.keys()
    const provider = buildProvider(engine, secrets)
    built = { provider, keys }
    return provider
  }

  /** Rebuilt when the keys change: the library reads them once. */
  async function current(): Promise<Provider> {
    if (built && built.keys === engine.keyRing.keys()) return built.provider
    building ??= build().finally(() => {
      building = undefined
    })
    return building
  }

  return {
    methodsAt,
    isAskedByBrowser,
    async handle(request, response, { source, requestId, body }) {
      const headers = replyHeaders(engine.settings.issuer, requestId)
      if (await answerProgram(engine, { request, response, headers, body })) return
      const { serve } = await import('./handle-request.ts')
      await serve(await current(), engine.settings.issuer, { request, response, source, headers, body })
    },
    async checkClient(client) {
      const { checkClient } = await import('./validate-client.ts')
      await checkClient(engine, await current(), client)
    },
    async tellClients() {
      const due = await engine.store.logouts.listDue({ now: engine.clock.now(), limit: 50 })
      if (due.length === 0) return
      const { tellClient } = await import('./backchannel-logout.ts')
      const provider = await current()
      await Promise.all(due.map((grantId) => tellClient(engine, provider, grantId)))
    },
    async offerRegistration(actor) {
      const provider = await current()
      const token = new provider.InitialAccessToken({
        policies: ['by-invitation'],
        expiresIn: invitationSeconds,
      })
      await engine.audit.record(engine.store, { kind: 'client.registration_offered', actor, subject: null })
      return token.save()
    },
    ...openInteractionDesk(engine, { current, secrets }),
  }
}
