import { daysToMilliseconds, toDay } from '../../domain/clock.ts'
import type { ConnectionCall, ConnectionFinding } from '../../domain/connection.ts'
import { certificateIn } from './certificate.ts'
import { readOwnKey } from './own-key.ts'
import type { SamlSettings } from './saml-settings.ts'

const marginDays = 30

/** What can be seen without a user: certificates, and our own key. */
export async function testSamlConnection({
  connection,
  secret,
  now,
}: ConnectionCall): Promise<ConnectionFinding[]> {
  const settings = connection.settings as SamlSettings
  return [...certificateFindings(settings, now), keyFinding(settings, secret)]
}

function certificateFindings({ certificates }: SamlSettings, now: number): ConnectionFinding[] {
  return certificates.map((base64): ConnectionFinding => {
    const again = 'read the metadata of the identity provider again'
    try {
      const until = Date.parse(certificateIn(base64).validTo)
      const soon = until < now + daysToMilliseconds(marginDays)
      return {
        check: 'keys',
        verdict: until <= now ? 'fault' : soon ? 'warning' : 'ok',
        detail: `a certificate of the identity provider is valid until ${toDay(until)}`,
        fix: soon ? again : null,
      }
    } catch {
      return { check: 'keys', verdict: 'fault', detail: 'a certificate cannot be read', fix: again }
    }
  })
}

function keyFinding(
  { sign_requests: signs = false }: SamlSettings,
  secret: string | null,
): ConnectionFinding {
  const fix = 'remove the secret, and a new key is made'
  try {
    const key = readOwnKey(secret)
    if (key)
      return { check: 'client', verdict: 'ok', detail: 'this server has a key for the connection', fix: null }
    return signs
      ? { check: 'client', verdict: 'fault', detail: 'requests are to be signed, and there is no key', fix }
      : { check: 'client', verdict: 'ok', detail: 'requests are not signed', fix: null }
  } catch (error) {
    return { check: 'client', verdict: 'fault', detail: (error as Error).message, fix }
  }
}
