import { mkdtempSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { betterAuth } from 'better-auth'
import { getMigrations } from 'better-auth/db/migration'
import { toNodeHandler } from 'better-auth/node'

/** better-auth as its documentation sets it up, on SQLite, without its rate limit. */
const database = new DatabaseSync(join(mkdtempSync(join(tmpdir(), 'sumun-bench-')), 'peer.sqlite'))
const server = createServer()
server.listen(0, '127.0.0.1', async () => {
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  const options = {
    database,
    baseURL: url,
    secret: 'x'.repeat(32),
    emailAndPassword: { enabled: true },
    rateLimit: { enabled: false },
    logger: { disabled: true },
    telemetry: { enabled: false },
  }
  await (await getMigrations(options)).runMigrations()
  server.on('request', toNodeHandler(betterAuth(options)))
  console.log(JSON.stringify({ url }))
})
process.once('SIGTERM', () => process.exit(0))
