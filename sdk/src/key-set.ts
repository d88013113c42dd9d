import { createPublicKey, type JsonWebKey } from 'node:crypto'
import { TokenError } from './errors.ts'
import type { VerificationKey } from './jws.ts'

const freshMilliseconds = 300_000 // the issuer's cache time of its key set
const cooldownMilliseconds = 5_000 // so that tokens with invented key ids do not cause a request each
const algorithms = ['ES256', 'EdDSA', 'RS256'] as const

export interface KeySet {
  /** Undefined if the issuer has no such key; fetches again unless it just did. */
  find(kid: string): VerificationKey | undefined | Promise<VerificationKey | undefined>
}

export type Fetch = (
  url: string,
  init?: { headers?: Record<string, string>; signal?: AbortSignal },
) => Promise<Response>

/** The issuer's keys, cached: refreshed in the background when old, at once for an unknown key. */
export function createKeySet({
  issuer,
  fetch,
  now,
}: {
  issuer: string
  fetch: Fetch
  now(): number
}): KeySet {
  let keys = new Map<string, VerificationKey>()
  let loadedAt = -Infinity
  let triedAt = -Infinity
  let loading: Promise<void> | undefined

  async function load(): Promise<void> {
    triedAt = now()
    const { jwks_uri: address, issuer: named } = await json(`${issuer}/.well-known/openid-configuration`)
    if (named !== issuer || typeof address !== 'string')
      throw new Error('the discovery document is of another issuer')
    const set = await json(address)
    if (!Array.isArray(set.keys)) throw new Error('no key set')
    keys = new Map(set.keys.flatMap((jwk) => entryOf(jwk as JsonWebKey & { kid?: string; alg?: string })))
    loadedAt = now()
  }

  async function json(url: string): Promise<Record<string, unknown>> {
    const response = await fetch(url, {
      headers: { accept: 'application/json' },
      signal: AbortSignal.timeout(5_000),
    })
    if (!response.ok) throw new Error(`${url} answered ${response.status}`)
    return (await response.json()) as Record<string, unknown>
  }

  function renew(): Promise<void> {
    loading ??= load().finally(() => {
      loading = undefined
    })
    return loading
  }

  return {
    find(kid) {
      const known = keys.get(kid)
      if (known) {
        if (now() - loadedAt > freshMilliseconds && now() - triedAt > cooldownMilliseconds)
          renew().catch(() => undefined)
        return known
      }
      if (loadedAt !== -Infinity && now() - triedAt < cooldownMilliseconds && !loading) return undefined
      return renew().then(
        () => keys.get(kid),
        (error) => {
          throw new TokenError('issuer_unavailable', {}, { cause: error })
        },
      )
    },
  }
}

function entryOf(jwk: JsonWebKey & { kid?: string; alg?: string }): [string, VerificationKey][] {
  const algorithm = algorithms.find((name) => name === jwk.alg)
  if (jwk.kid === undefined || algorithm === undefined) return []
  try {
    return [[jwk.kid, { algorithm, key: createPublicKey({ key: jwk, format: 'jwk' }) }]]
  } catch {
    return []
  }
}
