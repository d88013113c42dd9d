import type { Configuration } from 'openid-client'
import type { ConnectionCall, ConnectionKind, UpstreamAnswer } from '../domain/connection.ts'
import type { Clients } from './clients.ts'
import { beginCodeFlow, type CodeMemory, exchangeCode } from './code-flow.ts'
import { quirksOf } from './presets/index.ts'
import type { Quirks, UpstreamClaims } from './presets/provider-preset.ts'
import { identityOf } from './profile.ts'
import { errorFault, rethrowFault } from './upstream-fault.ts'

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
  isOidc,
  claimsOf,
}: {
  clients: Clients
  /** Whether there are ID tokens. */
  isOidc: boolean
  /** Throws UpstreamFault, and the library's errors. */
  claimsOf(exchanged: Exchanged): Promise<UpstreamClaims & { iss: string }>
}): Pick<ConnectionKind, 'authorize' | 'identify'> {
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
      const provider = await clients(call).catch(rethrowFault)
      const asked = { call, answer, quirks, isOidc, memory: memory as CodeMemory }
      return exchangeCode(provider, asked)
        .then((tokens) => claimsOf({ provider, tokens, call, answer, quirks }))
        .then((claims) => identityOf(connection, quirks, claims))
        .catch(rethrowFault)
    },
  }
}
