import { createRemoteJWKSet, customFetch, jwtVerify } from 'jose'
import type { Configuration } from 'openid-client'
import {
  type ConnectionCall,
  type UpstreamEvents,
  UpstreamFault,
  type UpstreamNotice,
} from '../../domain/connection.ts'
import type { Clients } from '../clients.ts'
import { idTokenAlgorithms } from '../oidc/oidc-settings.ts'
import { quirksOf } from '../presets/index.ts'
import type { UpstreamFetch } from '../upstream-fetch.ts'
import { ageSecondsMax, toleranceSeconds } from './notice-age.ts'
import { readEvents } from './read-events.ts'

const cooldownMilliseconds = 30_000

type Keys = ReturnType<typeof createRemoteJWKSet>

/**
 * Verifies what a provider sends by itself: a token, with the keys of its discovery document, or a form of
 * its own, as its preset knows it.
 */
export function createEventReceiver(
  clients: Clients,
  { fetch, isOidc }: { fetch: UpstreamFetch; isOidc: boolean },
) {
  // As long as the client is kept.
  const known = new WeakMap<Configuration, Keys>()

  function keysOf(provider: Configuration, uri: string): Keys {
    const options = { [customFetch]: fetch as never, cooldownDuration: cooldownMilliseconds }
    const keys = known.get(provider) ?? createRemoteJWKSet(new URL(uri), options)
    known.set(provider, keys)
    return keys
  }

  async function verify(call: ConnectionCall, token: string): Promise<UpstreamEvents> {
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

  /** Undefined if the provider tells nothing. Throws UpstreamFault, and what discovery throws. */
  return async (call: ConnectionCall, notice: UpstreamNotice): Promise<UpstreamEvents | undefined> => {
    const { readNotice } = quirksOf(call.connection.preset)
    if (!isOidc && !readNotice) return undefined
    if ('token' in notice && isOidc) return verify(call, notice.token)
    if (!('fields' in notice) || !readNotice || call.secret === null)
      throw new UpstreamFault('invalid', 'this provider sends something else')
    const { now, ownIssuer, secret } = call
    return readNotice({ ...notice, clientId: call.connection.clientId, secret, now, ownIssuer })
  }
}
