import { createRemoteJWKSet, customFetch, jwtVerify } from 'jose'
import type { Configuration } from 'openid-client'
import { type ConnectionCall, type UpstreamEvents, UpstreamFault } from '../../domain/connection.ts'
import type { Clients } from '../clients.ts'
import { idTokenAlgorithms } from '../oidc/oidc-settings.ts'
import type { UpstreamFetch } from '../upstream-fetch.ts'
import { readEvents } from './read-events.ts'

/** A token that is older could have been replayed after its id was forgotten. */
const ageSecondsMax = 86_400
const toleranceSeconds = 60
const cooldownMilliseconds = 30_000

type Keys = ReturnType<typeof createRemoteJWKSet>

/** Verifies tokens that a provider sends by itself, with the keys of its discovery document. */
export function createEventReceiver(clients: Clients, fetch: UpstreamFetch) {
  // As long as the client is kept.
  const known = new WeakMap<Configuration, Keys>()

  function keysOf(provider: Configuration, uri: string): Keys {
    const options = { [customFetch]: fetch as never, cooldownDuration: cooldownMilliseconds }
    const keys = known.get(provider) ?? createRemoteJWKSet(new URL(uri), options)
    known.set(provider, keys)
    return keys
  }

  /** Throws UpstreamFault, and what discovery throws. */
  return async (call: ConnectionCall, token: string): Promise<UpstreamEvents> => {
    const provider = await clients(call)
    const { issuer, jwks_uri: uri } = provider.serverMetadata()
    if (uri === undefined) throw new UpstreamFault('misconfigured', 'the provider publishes no keys')
    const { payload } = await jwtVerify(token, keysOf(provider, uri), {
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
