import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const fileName = 'audit-anchor.json'
const tellMilliseconds = 60_000
const webhookMilliseconds = 5_000

interface Head {
  seq: number
  chain: string
}

/** Records the head of the audit log outside the database, out of reach of an attacker who controls it. */
export interface AuditAnchorFile {
  note(head: Head): Promise<void>
  read(): Promise<Head | undefined>
  forget(): Promise<void>
}

/**
 * In a file of the data folder, beside the master key; once a minute in the log; and by a webhook, if one is
 * set. A failed report is retried with the next one.
 */
export function createAuditAnchor(given: {
  folder: string
  webhookUrl: string | null
  /** Puts it into the log. */
  tell(head: Head): void
  failed(error: unknown): void
}): AuditAnchorFile {
  const { folder, webhookUrl, tell, failed } = given
  const path = join(folder, fileName)
  let toldAt = -Infinity // on the monotonic clock: it has nothing to do with the time of day

  async function read(): Promise<Head | undefined> {
    const text = await readFile(path, 'utf8').catch(() => undefined)
    if (text === undefined) return undefined
    const { seq, chain } = JSON.parse(text) as Head
    return { seq, chain }
  }

  async function tellElsewhere(head: Head): Promise<void> {
    if (performance.now() - toldAt < tellMilliseconds) return
    toldAt = performance.now()
    tell(head)
    if (webhookUrl === null) return
    const reply = await fetch(webhookUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(head),
      signal: AbortSignal.timeout(webhookMilliseconds),
    })
    if (!reply.ok) throw new Error(`the audit anchor webhook answered ${reply.status}`)
  }

  return {
    read,
    async note(head) {
      try {
        // Another process of this machine may be further.
        const noted = await read().catch(() => undefined)
        if (noted === undefined || noted.seq < head.seq) {
          // with PostgreSQL and a key from the environment, nothing else creates the folder
          await mkdir(folder, { recursive: true, mode: 0o700 })
          await writeFile(`${path}.${process.pid}`, JSON.stringify(head), { mode: 0o600 })
          await rename(`${path}.${process.pid}`, path)
        }
        await tellElsewhere(head)
      } catch (error) {
        failed(error)
      }
    },
    forget: () => rm(path, { force: true }),
  }
}
