import { type LookupAddress, lookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { isSpecialUse } from './special-use.ts'

const refusal = (host: string): Error => new Error(`${host} resolves to an address that is not public`)

/** Throws if the host of the URL is an internal address itself. */
export function refuseInternal(url: string): void {
  const host = new URL(url).hostname.replace(/^\[(.*)\]$/, '$1')
  if (isIP(host) !== 0 && isSpecialUse(host)) throw refusal(host)
}

/**
 * Resolves names to public addresses only. The connection uses the checked address, so that a name cannot
 * change in between (DNS rebinding).
 */
export const publicLookup: LookupFunction = (host, options, callback) => {
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
