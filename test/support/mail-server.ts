import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { SMTPServer } from 'smtp-server'
import { readMail, type SentMessage } from './messages.ts'

export interface MailServer {
  url: string
  /** In the order in which they came. */
  mails: SentMessage[]
  /** What the next connections are answered with, before a mail is taken. */
  refuseWith(code: number, times: number): void
  received(count: number): Promise<SentMessage[]>
}

/** A real SMTP server on a free port. */
export async function mailServer(t: TestContext): Promise<MailServer> {
  const mails: SentMessage[] = []
  let refusals: number[] = []
  const server = new SMTPServer({
    authOptional: true,
    closeTimeout: 100,
    disabledCommands: ['STARTTLS'],
    onRcptTo(_address, _session, callback) {
      const code = refusals.shift()
      callback(code === undefined ? null : Object.assign(new Error('not now'), { responseCode: code }))
    },
    onData(stream, _session, callback) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', async () => {
        mails.push(await readMail(Buffer.concat(chunks)))
        callback()
      })
    },
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => new Promise<void>((resolve) => server.close(() => resolve())))
  const { port } = server.server.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    refuseWith: (code, times) => (refusals = Array<number>(times).fill(code)),
    async received(count) {
      const giveUp = performance.now() + 10_000
      while (mails.length < count && performance.now() < giveUp)
        await new Promise((resolve) => setTimeout(resolve, 20))
      return mails
    },
  }
}
