import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { simpleParser } from 'mailparser'
import type { TestServer } from './fixture.ts'

export interface SentMessage {
  to: string
  subject: string
  text: string
  html: string
  code: string | undefined
  link: URL | undefined
}

const patienceMilliseconds = 10_000

async function read(folder: string): Promise<SentMessage[]> {
  if (!existsSync(folder)) return []
  const files = readdirSync(folder).sort()
  const mails = files
    .filter((name) => name.endsWith('.eml'))
    .map((name) => readMail(readFileSync(join(folder, name))))
  const texts = files
    .filter((name) => name.endsWith('.sms.txt'))
    .map((name) => readSms(readFileSync(join(folder, name), 'utf8')))
  return [...(await Promise.all(mails)), ...texts]
}

/** A mail as its reader sees it. */
export async function readMail(content: Buffer): Promise<SentMessage> {
  const mail = await simpleParser(content)
  const text = mail.text ?? ''
  const to = (Array.isArray(mail.to) ? mail.to : [mail.to]).map((address) => address?.text ?? '').join(', ')
  const link = /^(https?:\/\/\S+)$/m.exec(text)?.[1]
  return {
    to,
    subject: mail.subject ?? '',
    text,
    html: String(mail.html),
    code: /^ {4}(\d{6})$/m.exec(text)?.[1],
    link: link === undefined ? undefined : new URL(link),
  }
}

function readSms(content: string): SentMessage {
  const [head = '', ...rest] = content.split('\n')
  const text = rest.join('\n')
  return {
    to: head.replace('To: ', ''),
    subject: '',
    text,
    html: '',
    code: /\b(\d{6})\b/.exec(text)?.[1],
    link: undefined,
  }
}

/** All messages to an address so far, oldest first. */
export async function messagesTo(dataFolder: string, address: string): Promise<SentMessage[]> {
  return (await read(join(dataFolder, 'outbox'))).filter(({ to }) => to === address)
}

/** Waits for the newest message to an address that matches. Throws after a while. */
export async function messageTo(
  dataFolder: string,
  address: string,
  fits: (message: SentMessage) => boolean = () => true,
): Promise<SentMessage> {
  const giveUp = performance.now() + patienceMilliseconds
  for (;;) {
    const found = (await messagesTo(dataFolder, address)).findLast(fits)
    if (found) return found
    if (performance.now() > giveUp) throw new Error(`nothing came for ${address}`)
    await sleep(25)
  }
}

/** Waits until no message is left to be sent. Throws after a while. */
export async function allSent({ running, clock }: TestServer): Promise<void> {
  const giveUp = performance.now() + patienceMilliseconds
  const later = clock.now() + 86_400_000 // those that are leased or postponed are due by then
  while ((await running.engine.store.outbox.listDue({ now: later, limit: 1 })).length > 0) {
    if (performance.now() > giveUp) throw new Error('messages are still waiting')
    await sleep(20)
  }
}
