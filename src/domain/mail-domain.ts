import { domainToASCII } from 'node:url'

const shape = /^(?=.{3,253}$)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*\.(?!\d+$)[a-z0-9-]{2,63}$/
// What ends the host of a URL would be cut off silently.
const notOfHosts = /[\s/?#@:\\%[\]]/

/** As addresses have it: lower case, IDNA A-labels. Undefined for what is no mail domain. */
export function normalDomain(text: string): string | undefined {
  const trimmed = text.trim()
  const domain = notOfHosts.test(trimmed) ? '' : domainToASCII(trimmed.toLowerCase())
  return shape.test(domain) ? domain : undefined
}

/** The domain of an address in its normal form. */
export const domainOf = (email: string): string => email.slice(email.lastIndexOf('@') + 1)
