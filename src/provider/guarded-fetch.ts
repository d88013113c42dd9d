import type { LookupFunction } from 'node:net'
import type { Configuration } from 'oidc-provider'
import { isLoopbackUrl } from '../domain/loopback.ts'
import type { Engine } from '../engine/engine.ts'
import { publicLookup, refuseInternal } from '../federation/public-address.ts'

/** The dispatcher class of Node's own undici, which the library passes. */
type Agent = new (options: { connect: { lookup: LookupFunction } }) => unknown

/**
 * SSRF protection for URLs of clients (keys, sector, logout). The library checks the address after
 * connecting, whose time reveals open ports of the internal network; here the name is resolved first, and
 * internal addresses are not connected to. A loopback issuer allows them.
 */
export function guardedFetch({ settings }: Engine): NonNullable<Configuration['fetch']> {
  const isOpen = isLoopbackUrl(new URL(settings.issuer)) || settings.clientNetwork === 'any'
  let guard: unknown
  return async (url, options) => {
    const { dispatcher, ...plain } = options as RequestInit & { dispatcher?: object }
    if (isOpen) return globalThis.fetch(url, plain as RequestInit)
    refuseInternal(String(url))
    if (!dispatcher) throw new Error('requests to client URLs cannot be guarded against SSRF')
    guard ??= new (dispatcher.constructor as Agent)({ connect: { lookup: publicLookup } })
    return globalThis.fetch(url, { ...plain, dispatcher: guard } as RequestInit)
  }
}
