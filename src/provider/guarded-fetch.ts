import { type LookupAddress, lookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import type { Configuration } from 'oidc-provider'
import { isLoopbackUrl } from '../domain/loopback.ts'
import type { Engine } from '../engine/engine.ts'
import { isSpecialUse } from './special-use.ts'

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
    const host = new URL(String(url)).hostname.replace(/^\[(.*)\]$/, '$1')
    if (isIP(host) !== 0 && isSpecialUse(host)) throw refusal(host)
    if (!dispatcher) throw new Error('requests to client URLs cannot be guarded against SSRF')
    guard ??= new (dispatcher.constructor as Agent)({ connect: { lookup: publicLookup } })
    return globalThis.fetch(url, { ...plain, dispatcher: guard } as RequestInit)
  }
}

const refusal = (host: string): Error => new Error(`${host} resolves to an address that is not public`)

const publicLookup: LookupFunction = (host, options, callback) => {
  lookup(host, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, '', 0)
    const [first] = addresses as LookupAddress[]
    if (!first || addresses.some(({ address }) => isSpecialUse(address)))
      return callback(refusal(host), '', 0)
    if (options.all)
      return (callback as unknown as (error: null, addresses: LookupAddress[]) => void)(null, addresses)
    callback(null, first.address, first.family)
  })
}
