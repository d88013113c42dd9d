import { Problem } from '../src/domain/problem.ts'
import { addAccount } from '../src/engine/accounts/add-account.ts'
import { systemRequester } from '../src/engine/request-context.ts'
import { createLog } from '../src/log.ts'
import { methods } from '../src/methods/index.ts'
import { startServer } from '../src/server.ts'
import { readSettings } from '../src/settings/read.ts'
import { serveGallery } from './gallery/gallery.ts'

/**
 * `npm run dev`: serves from the sources with a few demo accounts; `node --watch` starts it anew on every
 * change.
 */
const galleryPort = 8001
const demoPassword = 'copper lantern under the pier'
const demo = [
  { email: 'operator@example.com', name: '운영자', role: 'operator' },
  { email: 'minji@example.com', name: '김민지', role: 'member' },
  { email: 'taro@example.com', name: '山田太郎', role: 'member' },
] as const

const settings = await readSettings({
  methods,
  environment: { SUMUN_DATA: '.tmp/dev', ...process.env },
  flags: {},
})
const log = await createLog({ level: settings.server.logLevel, output: process.stderr })
const server = await startServer({ settings, log, announces: false })
for (const { email, name, role } of demo) {
  const credential = { method: 'password', answer: { password: demoPassword } }
  await addAccount(server.engine, {
    identifiers: { email },
    name,
    locale: 'ko',
    kind: 'person',
    role,
    credential,
    requester: systemRequester(server.engine),
    actor: 'cli',
  }).catch((error) => {
    if (!(error instanceof Problem && error.code === 'identifier_taken')) throw error
  })
}
const gallery = await serveGallery(galleryPort)
console.log(
  `${server.url}/docs — sign in as ${demo.map(({ email }) => email).join(', ')} with “${demoPassword}”\n${gallery.url} — every page in every state`,
)
for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.once(signal, () => {
    gallery.server.close()
    void server.stop()
  })
