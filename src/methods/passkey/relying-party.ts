import type { Settings } from './schema.ts'

export interface RelyingParty {
  /** WebAuthn Level 3 §5.1.2: the host, without scheme and port. */
  id: string
  origins: string[]
}

const listed = (text: string): string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')

/** From the issuer and the settings alone, never from a request. Pure. */
export function relyingPartyOf(issuer: string, { origins }: Pick<Settings, 'origins'>): RelyingParty {
  const { hostname, origin } = new URL(issuer)
  return { id: hostname, origins: [origin, ...listed(origins)] }
}

/** Whether the model is allowed; all are if no list is set. Pure. */
export function isAllowedModel(
  { authenticators }: Pick<Settings, 'authenticators'>,
  aaguid: string,
): boolean {
  const allowed = listed(authenticators).map((item) => item.toLowerCase())
  return allowed.length === 0 || allowed.includes(aaguid)
}
