import { createRemoteJWKSet, customFetch, jwtVerify } from 'jose'
import { type ConnectionCall, type UpstreamEvent, UpstreamFault } from '../../domain/connection.ts'
import type { Clients } from '../clients.ts'
import { idTokenAlgorithms } from '../oidc/oidc-settings.ts'
import type { UpstreamFetch } from '../upstream-fetch.ts'
import { readEvents } from './read-events.ts'

/** A token that is older could have been replayed after its id was forgotten. */
const ageSecondsMax = 86_400
const toleranceSeconds = 60
const cooldownMilliseconds = 30_000
const keptMax = 200

type Keys = ReturnType<typeof createRemoteJWKSet>

/** Verifies tokens that a provider sends by itself, with the keys of its discovery document. */
export function createEventReceiver(clients: Clients, fetch: UpstreamFetch) {
  const known = new Map<string, Keys>()

  function keysOf(uri: string): Keys {
    const options = { [customFetch]: fetch as never, cooldownDuration: cooldownMilliseconds }
    const keys = known.get(uri) ?? createRemoteJWKSet(new URL(uri), options)
    if (known.size >= keptMax) known.clear()
    known.set(uri, keys)
    return keys
  }

  /** Throws UpstreamFault, and what discovery throws. */
  return async (call: ConnectionCall, token: string): Promise<UpstreamEvent[]> => {
    const { issuer, jwks_uri: uri } = (await clients(call)).serverMetadata()
    if (uri === undefined) throw new UpstreamFault('misconfigured', 'the provider publishes no keys')
    const { payload } = await jwtVerify(token, keysOf(uri), {
      ...{ issuer, audience: call.connection.clientId },
      algorithms: [...idTokenAlgorithms],
      maxTokenAge: ageSecondsMax,
      clockTolerance: toleranceSeconds,
      currentDate: new Date(call.now),
    }).catch((error: Error) => {
      throw new UpstreamFault('invalid', error.message, { cause: error })
    })
    return readEvents(payload, issuer)
  }
}
