import type { Message } from './domain/message.ts'
import type { Settings } from './settings/read.ts'

/** What a person at a terminal is told, in place of the log. */
export interface Greeter {
  ready(given: {
    url: string
    /** Single-use; null if there is an operator. */
    operatorLink: string | null
    /** Where mails are written; null if they are sent. */
    outbox: string | null
  }): void
  /** A message that was written to a file: its code or link. */
  message(message: Message, path: string): void
}

const width = 17
const row = (name: string, text: string): string => `  ${name.padEnd(width)}${text}\n`

/** Whether a person sees what this process prints. */
export const isForPerson = ({ server }: Settings): boolean =>
  process.stdout.isTTY === true && server.workers === 1

/** For `npm start` at a terminal. Everything else gets JSON lines. */
export const createGreeter = (print: (text: string) => void): Greeter => ({
  ready({ url, operatorLink, outbox }) {
    print(
      [
        `\n  Sumun is running: ${url}\n\n`,
        operatorLink === null ? '' : row('First operator', `${operatorLink}   (works once)`),
        row('Pages', `${url}/signin, ${url}/account`),
        row('API', `${url}/docs`),
        row('Mails', outbox === null ? 'sent by SMTP' : `written to ${outbox}; their codes appear here`),
        row('Stop', 'Ctrl+C'),
        '\n',
      ].join(''),
    )
  },
  message({ to, subject, code, link }, path) {
    const what = [...(code === undefined ? [] : [code]), ...(link ? [link.url] : [])].join('  ')
    print(`  ✉ ${to}: ${subject}${what === '' ? '' : `\n    ${what}`}\n    ${path}\n`)
  },
})
