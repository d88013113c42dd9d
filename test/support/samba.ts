import { execFile, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { makeAuthority } from './authority.ts'
import { endWith } from './child.ts'
import { temporaryFolder } from './folder.ts'

const daemon = '/usr/sbin/samba'
const schema = '/usr/share/samba/setup/ad-schema'
const run = promisify(execFile)

/** For node:test: false, or the reason. */
export const skipWithoutSamba: false | string = !existsSync(daemon)
  ? 'samba is not installed'
  : !existsSync(schema)
    ? 'samba-ad-provision is not installed'
    : process.getuid?.() !== 0 && 'a domain controller listens on port 636, which takes root'

export interface DomainController {
  /** Its LDAPS address. */
  url: string
  /** Of its certificate, PEM. */
  ca: string
  baseDn: string
  administrator: { dn: string; password: string }
  /** What its own administration tool does, such as `user create kim …`. */
  tool(...words: string[]): Promise<string>
}

/** Debian's Samba as an Active Directory domain controller, on a loopback address of its own. */
export async function startSamba(t: TestContext): Promise<DomainController> {
  const folder = temporaryFolder()
  const address = `127.${[1, 2, 3].map(() => 1 + Math.floor(Math.random() * 250)).join('.')}`
  const password = 'Correct-Horse-77'
  const words = ['--realm=CORP.EXAMPLE', '--domain=CORP', '--server-role=dc', '--dns-backend=NONE']
  await run('samba-tool', [
    'domain',
    'provision',
    `--targetdir=${folder}`,
    ...words,
    `--adminpass=${password}`,
  ])
  const authority = await makeAuthority('an authority of the company')
  const { certificate, key } = await authority.issue({ type: 'ip', value: address })
  for (const name of ['lock', 'ncalrpc', 'tls']) mkdirSync(join(folder, name), { recursive: true })
  const files = { 'ca.pem': authority.pem, 'cert.pem': certificate, 'key.pem': key }
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(folder, 'tls', name), content, { mode: 0o600 })
  const configuration = join(folder, 'etc/smb.conf')
  const [global = ''] = readFileSync(configuration, 'utf8').split(/^\[(?!global\])/m)
  writeFileSync(
    configuration,
    `${global}
server services = ldap
interfaces = ${address}/8
bind interfaces only = yes
pid directory = ${folder}
lock directory = ${folder}/lock
ncalrpc dir = ${folder}/ncalrpc
log file = ${folder}/log
tls certfile = ${folder}/tls/cert.pem
tls keyfile = ${folder}/tls/key.pem
tls cafile = ${folder}/tls/ca.pem
`,
  )
  const child = spawn(daemon, ['-F', '-M', 'single', '--no-process-group', `--configfile=${configuration}`], {
    stdio: 'ignore',
  })
  endWith(t, child)
  await listens(address, 636)
  const database = join(folder, 'private/sam.ldb')
  return {
    ...{ url: `ldaps://${address}`, ca: authority.pem, baseDn: 'DC=corp,DC=example' },
    administrator: { dn: 'CN=Administrator,CN=Users,DC=corp,DC=example', password },
    tool: async (...words) =>
      (await run('samba-tool', [...words, '-H', database, `--configfile=${configuration}`])).stdout,
  }
}

async function listens(host: string, port: number): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, host, () => resolve(true)).on('error', () => resolve(false))
      socket.once('connect', () => socket.destroy())
    })
    if (isOpen) return
    await wait(50)
  }
  throw new Error(`nothing listens on ${host}:${port}`)
}
