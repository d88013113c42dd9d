import { plainCode } from '../../domain/one-time-code.ts'

export const periodSeconds = 30

export interface Authenticator {
  /** Base32 (RFC 4648 §6). */
  secret: string
  algorithm: string
  digits: number
}

/**
 * The time step of this code, at most `clockSteps` away; null if none matches (RFC 6238 §4.2, §5.2). Constant
 * time. Pure.
 */
export async function matchingStep(
  { secret, algorithm, digits }: Authenticator,
  given: { code: string; now: number; clockSteps: number },
): Promise<number | null> {
  const code = plainCode(given.code)
  if (code.length !== digits) return null
  const { Secret, TOTP } = await import('otpauth')
  const totp = new TOTP({ secret: Secret.fromBase32(secret), algorithm, digits, period: periodSeconds })
  const delta = totp.validate({ token: code, timestamp: given.now, window: given.clockSteps })
  return delta === null ? null : Math.floor(given.now / 1000 / periodSeconds) + delta
}

/** What an authenticator app reads from a QR code (the otpauth URI format). Pure. */
export async function otpauthUri(
  { secret, algorithm, digits }: Authenticator,
  { issuer, label }: { issuer: string; label: string },
): Promise<string> {
  const { Secret, TOTP } = await import('otpauth')
  // A colon stands between the two, and apps take the first one for it.
  const [site, name] = [issuer, label].map((text) => text.replaceAll(/\s*[:：]\s*/g, ' ').trim())
  const totp = new TOTP({
    secret: Secret.fromBase32(secret),
    algorithm,
    digits,
    period: periodSeconds,
    issuer: site as string,
    label: name as string,
  })
  return totp.toString()
}
