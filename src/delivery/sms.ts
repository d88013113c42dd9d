import type { Message } from '../domain/message.ts'
import { type Carrier, nothingToClose, Undeliverable } from './carrier.ts'
import { asSms } from './message-form.ts'
import { writeToFolder } from './outbox-folder.ts'

const timeoutMilliseconds = 15_000

export interface SmsSettings {
  /** Null: text files. */
  webhookUrl: string | null
  /** Value of the Authorization header. */
  authorization: string | null
  /** JSON or a form, with `{to}` and `{text}` where they belong. */
  body: string
  /** Of the issuer, for WebOTP. */
  host: string
  folder: string
  wrote(path: string, message: Message): void
}

/** Carries text messages to any gateway that takes an HTTP request, or into text files. */
export function createSmsCarrier(settings: SmsSettings): Carrier {
  const { webhookUrl, folder, wrote, host } = settings
  if (webhookUrl !== null) return webhookCarrier(webhookUrl, settings)
  return {
    async carry(message, id) {
      const content = `To: ${message.to}\n\n${asSms(message, host)}\n`
      wrote(await writeToFolder(folder, { id, extension: '.sms.txt', content }), message)
    },
    close: nothingToClose,
  }
}

function webhookCarrier(url: string, { authorization, body, host }: SmsSettings): Carrier {
  const isJson = body.trimStart().startsWith('{')
  async function carry(message: Message, id: string): Promise<void> {
    const values: Record<string, string> = { to: message.to, text: asSms(message, host) }
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMilliseconds),
      headers: {
        'content-type': isJson ? 'application/json' : 'application/x-www-form-urlencoded',
        'idempotency-key': id,
        ...(authorization !== null && { authorization }),
      },
      body: body.replaceAll(/\{(to|text)\}/g, (_, name: string) => encode(values[name] as string, isJson)),
    })
    await response.body?.cancel()
    if (response.ok) return
    const reason = `the gateway answered ${response.status}`
    // 408 and 429 ask for patience; any other 4xx will be the same the next time.
    const isForGood =
      response.status >= 400 && response.status < 500 && response.status !== 408 && response.status !== 429
    throw isForGood ? new Undeliverable(reason) : new Error(reason)
  }
  return { carry, close: nothingToClose }
}

const encode = (value: string, isJson: boolean): string =>
  isJson ? JSON.stringify(value).slice(1, -1) : encodeURIComponent(value)
