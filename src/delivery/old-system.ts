import { setTimeout as wait } from 'node:timers/promises'
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
  const { url, secret, random, now, observe, failed } = settings
  const webhook = new Webhook(secret)
  let waiting = 0

  async function ask(user: AskedUser, password: string): Promise<boolean> {
    const id = `msg_${random.bytes(idBytes).toString('base64url')}`
    const at = new Date(now())
    const body = JSON.stringify({ type: 'password.check', id: user.id, username: user.name, password })
    const reply = await fetch(url, {
      method: 'POST',
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMilliseconds),
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': webhook.sign(id, at, body),
      },
      body,
    })
    const text = await textOf(reply)
    if (!reply.ok) throw new Error(`it answered ${reply.status}`)
    return (JSON.parse(text) as { valid?: unknown } | null)?.valid === true
  }

  return async (user, password) => {
    if (waiting >= askedAtOnceMax) throw new Problem('busy', { retryAfterSeconds: 2 })
    waiting++
    const startedAt = performance.now()
    try {
      // The body of the reply is bounded in time as well.
      return await Promise.race([ask(user, password), late()])
    } catch (error) {
      failed(error as Error)
      return false
    } finally {
      waiting--
      observe(performance.now() - startedAt)
    }
  }
}

async function late(): Promise<never> {
  await wait(timeoutMilliseconds, undefined, { ref: false })
  throw new Error('it did not answer in time')
}

async function textOf(reply: Response): Promise<string> {
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of reply.body ?? []) {
    text += decoder.decode(chunk, { stream: true })
    if (text.length > replyBytesMax) throw new Error('its answer is too large')
  }
  return text
}
