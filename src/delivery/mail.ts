import type { SendMailOptions, Transporter } from 'nodemailer'
import type { Message } from '../domain/message.ts'
import { type Carrier, nothingToClose, Undeliverable } from './carrier.ts'
import { asHtml, asText } from './message-form.ts'
import { writeToFolder } from './outbox-folder.ts'

const timeoutMilliseconds = 15_000

export interface MailSettings {
  /** smtp:// or smtps://; null: `.eml` files. */
  smtpUrl: string | null
  from: string
  folder: string
  /** Told where a file was written. */
  wrote(path: string): void
}

/** Carries mail by SMTP, or into `.eml` files that any mail program opens. */
export function createMailCarrier(settings: MailSettings): Carrier {
  return settings.smtpUrl === null ? fileCarrier(settings) : smtpCarrier(settings.smtpUrl, settings)
}

function smtpCarrier(url: string, { from }: MailSettings): Carrier {
  let transport: Promise<Transporter> | undefined
  const open = async (): Promise<Transporter> => {
    const { createTransport } = (await import('nodemailer')).default
    const timeouts = {
      connectionTimeout: timeoutMilliseconds,
      greetingTimeout: timeoutMilliseconds,
      socketTimeout: timeoutMilliseconds,
    }
    return createTransport({ url, pool: true, maxConnections: 4, ...timeouts } as never)
  }
  return {
    async carry(message, id) {
      try {
        await (await (transport ??= open())).sendMail(mailOf(message, { from, id }))
      } catch (error) {
        // RFC 5321 §4.2.1: 5yz is permanent.
        const { responseCode = 0, message: reason } = error as Error & { responseCode?: number }
        throw responseCode >= 500 ? new Undeliverable(reason) : error
      }
    },
    async close() {
      ;(await transport)?.close()
    },
  }
}

function fileCarrier({ from, folder, wrote }: MailSettings): Carrier {
  return {
    async carry(message, id) {
      const { createTransport } = (await import('nodemailer')).default
      const transport = createTransport({ streamTransport: true, buffer: true, newline: 'unix' })
      const { message: content } = await transport.sendMail(mailOf(message, { from, id }))
      wrote(await writeToFolder(folder, { id, extension: '.eml', content: content as Buffer }))
    },
    close: nothingToClose,
  }
}

/** The library builds headers from parts, never from concatenated text: an address cannot inject a header. */
function mailOf(message: Message, { from, id }: { from: string; id: string }): SendMailOptions {
  return {
    from,
    to: { name: '', address: message.to },
    subject: message.subject,
    text: asText(message),
    html: asHtml(message),
    messageId: `<${id}@${from.slice(from.lastIndexOf('@') + 1).replace('>', '')}>`,
    headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': message.locale }, // RFC 3834 §5
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}
