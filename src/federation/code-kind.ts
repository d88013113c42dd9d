import type { Configuration } from 'openid-client'
import type { ConnectionCall, ConnectionKind } from '../domain/connection.ts'
import type { UpstreamAnswer } from '../domain/upstream-answer.ts'
import type { Clients } from './clients.ts'
import { beginCodeFlow, type CodeMemory, exchangeCode } from './code-flow.ts'
import { createEventReceiver } from './events/receive-events.ts'
import { keptTokens } from './leaving/kept-tokens.ts'
import { signOutUrlOf } from './leaving/sign-out.ts'
import { unlinkAt } from './leaving/unlink.ts'
import { quirksOf } from './presets/index.ts'
import type { Quirks, UpstreamClaims } from './presets/provider-preset.ts'
import { identityOf } from './profile.ts'
import { errorFault, rethrowFault } from './upstream-fault.ts'
import type { UpstreamFetch } from './upstream-fetch.ts'

/** A code that was exchanged, and what it takes to ask who the user is. */
export interface Exchanged {
  provider: Configuration
  tokens: Awaited<ReturnType<typeof exchangeCode>>
  call: ConnectionCall
  answer: UpstreamAnswer
  quirks: Quirks
}

/** What every protocol by authorization code shares: it differs in how the user is read from the tokens. */
export function createCodeKind({
  clients,
  fetch,
  isOidc,
  claimsOf,
  endpointOf,
}: {
  clients: Clients
  fetch: UpstreamFetch
  /** Whether there are ID tokens. */
  isOidc: boolean
  /** Throws UpstreamFault, and the library's errors. */
  claimsOf(exchanged: Exchanged): Promise<UpstreamClaims & { iss: string }>
  /** Of userinfo, or of the profile. */
  endpointOf(call: ConnectionCall, provider: Configuration): string | undefined
}): Omit<ConnectionKind, 'id' | 'settings' | 'test'> {
  const receive = createEventReceiver(clients, { fetch, isOidc })
  return {
    async authorize(call, wish) {
      const { preset, settings } = call.connection
      const provider = await clients(call).catch(rethrowFault)
      const scope = String(settings.scope)
      return beginCodeFlow(provider, { call, wish, scope, quirks: quirksOf(preset), isOidc })
    },
    async identify(call, answer, memory) {
      if (answer.error !== undefined) throw errorFault(answer.error)
      const { connection } = call
      const quirks = quirksOf(connection.preset)
      const asked = { call, answer, quirks, isOidc, memory: memory as CodeMemory }
      const found = async () => {
        const provider = await clients(call)
        const tokens = await exchangeCode(provider, asked)
        const claims = await claimsOf({ provider, tokens, call, answer, quirks })
        return { ...identityOf(connection, quirks, claims), tokens: keptTokens(connection, tokens) }
      }
      return found().catch(rethrowFault)
    },
    receive: (call, notice) => receive(call, notice).catch(rethrowFault),
    async unlink(call, identity) {
      const quirks = quirksOf(call.connection.preset)
      const ended = async () => {
        const provider = await clients(call)
        return unlinkAt(provider, { call, fetch, quirks, identity, endpoint: endpointOf(call, provider) })
      }
      return ended().catch(rethrowFault)
    },
    signOutUrl(call, asked) {
      const quirks = quirksOf(call.connection.preset)
      return signOutUrlOf(call, { ...asked, quirks, provider: () => clients(call) }).catch(rethrowFault)
    },
  }
}
