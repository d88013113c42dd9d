import type { SendMailOptions, Transporter } from 'nodemailer'
import type { MailLook, Message } from '../domain/message.ts'
import { type Carrier, nothingToClose, Undeliverable } from './carrier.ts'
import { asHtml, asText, subjectOf } from './message-form.ts'
import { writeToFolder } from './outbox-folder.ts'

const timeoutMilliseconds = 15_000

export interface MailSettings {
  /** smtp:// or smtps://; null: `.eml` files. */
  smtpUrl: string | null
  from: string
  folder: string
  look: MailLook
  /** Told what was written, and where. */
  wrote(path: string, message: Message): void
}

/** Carries mail by SMTP, or into `.eml` files that any mail program opens. */
export function createMailCarrier(settings: MailSettings): Carrier {
  return settings.smtpUrl === null ? fileCarrier(settings) : smtpCarrier(settings.smtpUrl, settings)
}

function smtpCarrier(url: string, { from, look }: MailSettings): Carrier {
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
        await (await (transport ??= open())).sendMail(mailOf(message, { from, id, look }))
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

function fileCarrier({ from, folder, look, wrote }: MailSettings): Carrier {
  return {
    async carry(message, id) {
      const { createTransport } = (await import('nodemailer')).default
      const transport = createTransport({ streamTransport: true, buffer: true, newline: 'unix' })
      const { message: content } = await transport.sendMail(mailOf(message, { from, id, look }))
      wrote(await writeToFolder(folder, { id, extension: '.eml', content: content as Buffer }), message)
    },
    close: nothingToClose,
  }
}

/** The library builds headers from parts, never from concatenated text: an address cannot inject a header. */
function mailOf(
  message: Message,
  { from, id, look }: { from: string; id: string; look: MailLook },
): SendMailOptions {
  return {
    from,
    to: { name: '', address: message.to },
    subject: subjectOf(message, look),
    text: asText(message, look),
    html: asHtml(message, look),
    messageId: `<${id}@${from.slice(from.lastIndexOf('@') + 1).replace('>', '')}>`,
    headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': message.locale }, // RFC 3834 §5
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}
