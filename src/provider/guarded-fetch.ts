import type { Configuration } from 'oidc-provider'
import type { Engine } from '../engine/engine.ts'

/**
 * The library keeps addresses that a client named (keys, sector, logout) from leading into the inner network. On a
 * developer's own machine everything is inside.
 */
export function guardedFetch({ settings }: Engine): NonNullable<Configuration['fetch']> {
  const { protocol, hostname } = new URL(settings.issuer)
  const isLoopback = protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname)
  const isOpen = isLoopback || settings.clientNetwork === 'any'
  return (url, options) => {
    const { dispatcher, ...plain } = options as RequestInit & { dispatcher?: unknown }
    return globalThis.fetch(url, (isOpen ? plain : { ...plain, dispatcher }) as RequestInit)
  }
}
