import { Webhook } from 'standardwebhooks'
import type { AskedUser } from '../domain/asked-hash.ts'
import { Problem } from '../domain/problem.ts'

/** Short enough that every refused sign-in can take as long (see SlowestHash). */
const timeoutMilliseconds = 1_900
const askedAtOnceMax = 64
const replyBytesMax = 4_096
const idBytes = 16

export interface OldSystemSettings {
  url: string
  secret: string
  /** Follows no redirect; throws where the reply takes longer, or is larger. */
  request(
    url: string,
    options: {
      method: string
      headers: Record<string, string>
      body: string
      milliseconds: number
      bytesMax: number
    },
  ): Promise<Response>
  random: { bytes(count: number): Buffer }
  now(): number
  /** Told how long an answer took, in milliseconds. */
  observe(milliseconds: number): void
  /** Told why there was none. */
  failed(error: Error): void
}

/** Whether a password is right, by the system from which the user came. */
export type AskOldSystem = (user: AskedUser, password: string) => Promise<boolean>

/**
 * Asks by a signed request (Standard Webhooks 1.0), whose answer is `{"valid": true}` or false. No answer in
 * time is no: what was typed is refused as any wrong password is. Throws `busy` if too many wait.
 */
export function createAskOldSystem(settings: OldSystemSettings): AskOldSystem {
  const { url, secret, request, random, now, observe, failed } = settings
  const webhook = new Webhook(secret)
  let waiting = 0

  async function ask(user: AskedUser, password: string): Promise<boolean> {
    const id = `msg_${random.bytes(idBytes).toString('base64url')}`
    const at = new Date(now())
    const body = JSON.stringify({ type: 'password.check', id: user.id, username: user.name, password })
    const reply = await request(url, {
      method: 'POST',
      ...{ milliseconds: timeoutMilliseconds, bytesMax: replyBytesMax },
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': webhook.sign(id, at, body),
      },
      body,
    })
    if (!reply.ok) throw new Error(`it answered ${reply.status}`)
    return ((await reply.json()) as { valid?: unknown } | null)?.valid === true
  }

  return async (user, password) => {
    if (waiting >= askedAtOnceMax) throw new Problem('busy', { retryAfterSeconds: 2 })
    waiting++
    const startedAt = performance.now()
    try {
      return await ask(user, password)
    } catch (error) {
      failed(error as Error)
      return false
    } finally {
      waiting--
      observe(performance.now() - startedAt)
    }
  }
}
