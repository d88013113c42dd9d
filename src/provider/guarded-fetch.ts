import { type LookupAddress, lookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import type { Configuration } from 'oidc-provider'
import { isLoopbackUrl } from '../domain/loopback.ts'
import type { Engine } from '../engine/engine.ts'
import { isSpecialUse } from './special-use.ts'

/** Of undici, which Node has within itself: the class of the dispatcher that the library hands over. */
type Agent = new (options: { connect: { lookup: LookupFunction } }) => unknown

/**
 * Keeps addresses that a client named (keys, sector, logout) from leading into the inner network. The library
 * looks at who it is connected to, and so tells by its time which ports are open inside; here a name is
 * resolved first, and what it leads to is not connected to. On a developer's own machine everything is
 * inside.
 */
export function guardedFetch({ settings }: Engine): NonNullable<Configuration['fetch']> {
  const isOpen = isLoopbackUrl(new URL(settings.issuer)) || settings.clientNetwork === 'any'
  let guard: unknown
  return async (url, options) => {
    const { dispatcher, ...plain } = options as RequestInit & { dispatcher?: object }
    if (isOpen) return globalThis.fetch(url, plain as RequestInit)
    const host = new URL(String(url)).hostname.replace(/^\[(.*)\]$/, '$1')
    if (isIP(host) !== 0 && isSpecialUse(host)) throw refusal(host)
    if (!dispatcher) throw new Error('addresses that a client names cannot be guarded')
    guard ??= new (dispatcher.constructor as Agent)({ connect: { lookup: publicLookup } })
    return globalThis.fetch(url, { ...plain, dispatcher: guard } as RequestInit)
  }
}

const refusal = (host: string): Error => new Error(`${host} leads to an address that is not public`)

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
