import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { Client } from 'ldapts'
import { makeAuthority } from './authority.ts'
import { temporaryFolder } from './folder.ts'
import { freePort } from './free-port.ts'

const [daemon, load] = ['/usr/sbin/slapd', '/usr/sbin/slapadd']

/** For node:test: false, or the reason. */
export const skipWithoutSlapd: false | string = existsSync(daemon) ? false : 'slapd is not installed'

export const baseDn = 'dc=corp,dc=example'
const rootDn = `cn=root,${baseDn}`
const rootPassword = 'the root of the directory'

export interface Slapd {
  ldaps: string
  ldap: string
  /** PEM. */
  ca: string
  serviceDn: string
  servicePassword: string
  /** Works as the directory's administrator. */
  change<Result>(work: (client: Client) => Promise<Result>): Promise<Result>
  /** The process is suspended, or continues: it takes connections, and answers nothing. */
  hang(isHanging: boolean): void
}

/** An attribute's values; Buffers are binary. */
type Attributes = Record<string, string | Buffer | (string | Buffer)[]>
export type Entries = Record<string, Attributes>

/** Debian's slapd, whose schema has what Active Directory keeps of accounts. */
export async function startSlapd(t: Pick<TestContext, 'after'>, entries: Entries): Promise<Slapd> {
  const folder = temporaryFolder()
  const authority = await makeAuthority('Corp')
  const { certificate, key } = await authority.issue({ type: 'ip', value: '127.0.0.1' })
  mkdirSync(join(folder, 'data'))
  const files = { 'ca.pem': authority.pem, 'cert.pem': certificate, 'key.pem': key, 'ad.schema': schema }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  const [serviceDn, servicePassword] = [`cn=svc,${baseDn}`, 'the password of the service']
  writeFileSync(join(folder, 'slapd.conf'), configuration(folder, serviceDn))
  const all: Entries = {
    [baseDn]: { objectClass: ['dcObject', 'organization'], o: 'Corp', dc: 'corp' },
    [serviceDn]: { objectClass: 'person', cn: 'svc', sn: 'svc', userPassword: servicePassword },
    ...entries,
  }
  const input = Object.entries(all).map(inLdif).join('\n')
  const loaded = spawnSync(load, ['-f', join(folder, 'slapd.conf')], { input, encoding: 'utf8' })
  if (loaded.status !== 0) throw new Error(`slapadd: ${loaded.stderr}`)
  const credentials = { ca: authority.pem, serviceDn, servicePassword }
  // Another process may take a port between its choice and its use.
  for (let tries = 1; ; tries++) {
    const slapd = await startDaemon(t, join(folder, 'slapd.conf'), credentials)
    if (slapd) return slapd
    if (tries === triesMax) throw new Error(`slapd ended ${triesMax} times`)
  }
}

const triesMax = 5

/** Undefined if it ended at once. */
async function startDaemon(
  t: Pick<TestContext, 'after'>,
  configured: string,
  credentials: Pick<Slapd, 'ca' | 'serviceDn' | 'servicePassword'>,
): Promise<Slapd | undefined> {
  const addresses = {
    ldap: `ldap://127.0.0.1:${await freePort()}`,
    ldaps: `ldaps://127.0.0.1:${await freePort()}`,
  }
  const child = spawn(daemon, ['-f', configured, '-h', `${addresses.ldap} ${addresses.ldaps}`, '-d', '0'], {
    stdio: 'ignore',
  })
  child.unref()
  t.after(() => child.kill('SIGKILL'))
  const slapd: Slapd = {
    ...{ ...addresses, ...credentials },
    async change(work) {
      const client = new Client({ url: addresses.ldap, timeout: 5000 })
      await client.bind(rootDn, rootPassword)
      try {
        return await work(client)
      } finally {
        await client.unbind()
      }
    },
    hang: (isHanging) => {
      child.kill(isHanging ? 'SIGSTOP' : 'SIGCONT')
    },
  }
  for (let tries = 0; ; tries++) {
    try {
      await slapd.change(async () => undefined)
      return slapd
    } catch (error) {
      if (child.exitCode !== null) return undefined
      if (tries >= 200) throw error
      await wait(50)
    }
  }
}

// An attribute of a user may be asked for, and its own entry read, by the user; the service reads all.
const configuration = (folder: string, serviceDn: string): string => `
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
include ${folder}/ad.schema
pidfile ${folder}/slapd.pid
modulepath /usr/lib/ldap
moduleload back_mdb
TLSCACertificateFile ${folder}/ca.pem
TLSCertificateFile ${folder}/cert.pem
TLSCertificateKeyFile ${folder}/key.pem
allow bind_anon_dn bind_anon_cred
database mdb
suffix "${baseDn}"
rootdn "${rootDn}"
rootpw "${rootPassword}"
directory ${folder}/data
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="${serviceDn}" read by self read by anonymous auth by * none
`

const text = 'EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE'
const number = 'EQUALITY integerMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE'
const bytes = 'EQUALITY octetStringMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 SINGLE-VALUE'
// Object identifiers of Microsoft's schema.
const attributeTypes: [number, string, string][] = [
  [221, 'sAMAccountName', text],
  [656, 'userPrincipalName', text],
  [8, 'userAccountControl', number],
  [2, 'objectGUID', bytes],
  [146, 'objectSid', bytes],
  [96, 'pwdLastSet', number],
  [98, 'primaryGroupID', number],
  [159, 'accountExpires', number],
]
// Of 389 Directory Server.
const lock =
  "attributetype ( 2.16.840.1.113730.3.1.610 NAME 'nsAccountLock' EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )"
const ofMicrosoft = attributeTypes.map(([, name]) => name).join(' $ ')
const schema = `${attributeTypes
  .map(([id, name, rest]) => `attributetype ( 1.2.840.113556.1.4.${id} NAME '${name}' ${rest} )`)
  .join('\n')}
${lock}
objectclass ( 1.2.840.113556.1.5.9 NAME 'user' SUP inetOrgPerson STRUCTURAL MAY ( ${ofMicrosoft} $ nsAccountLock ) )
objectclass ( 1.2.840.113556.1.5.8 NAME 'group' SUP top STRUCTURAL MUST cn MAY ( member $ objectSid ) )
`

const inLdif = ([dn, attributes]: [string, Attributes]): string =>
  [
    `dn:: ${Buffer.from(dn).toString('base64')}`,
    ...Object.entries(attributes).flatMap(([name, values]) =>
      [values].flat().map((value) => `${name}:: ${Buffer.from(value as string).toString('base64')}`),
    ),
    '',
  ].join('\n')
