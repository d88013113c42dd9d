import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

/** The data folder of a server that sends nothing yet: its mails and text messages are files there. */
const folder = join(process.argv[3] ?? './sumun-data', 'outbox')

/** Waits for the newest message to an address. */
export async function messageTo(
  address: string,
  fits: RegExp = /./,
): Promise<{ code: string; link: URL | undefined }> {
  for (let tries = 0; tries < 200; tries++) {
    const texts = filesIn(folder).map((name) => decode(readFileSync(join(folder, name), 'utf8')))
    const text = texts.findLast((one) => one.includes(address) && fits.test(one))
    const code = text && /\b(\d{6})\b/.exec(text.slice(text.indexOf('\n\n')))?.[1]
    const link = text && /https?:\/\/\S+\/link\/\S+/.exec(text)?.[0]
    if (code) return { code, link: link ? new URL(link) : undefined }
    await wait(50)
  }
  throw new Error(`nothing came for ${address} into ${folder}`)
}

function filesIn(path: string): string[] {
  try {
    return readdirSync(path)
      .filter((name) => !name.endsWith('.part')) // still being written
      .sort()
  } catch {
    return []
  }
}

/** Quoted-printable, as the text of a mail is written (RFC 2045 §6.7). */
const decode = (text: string): string =>
  text
    .replaceAll(/=\r?\n/g, '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
