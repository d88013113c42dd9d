import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { createOwnKey, readOwnKey } from '../../src/federation/saml/own-key.ts'
import { temporaryFolder } from './folder.ts'
import { freePort } from './free-port.ts'

const installation = '/usr/share/simplesamlphp'
const php = ['/usr/bin/php8.2', '/usr/bin/php'].find((path) => existsSync(path))

/** For node:test: false, or the reason. */
export const skipWithoutSimpleSamlPhp: false | string =
  php !== undefined && existsSync(join(installation, 'www')) ? false : 'simplesamlphp is not installed'

/** Who can sign in there, by user name: a password, and attributes. */
export type Directory = Record<string, { password: string; attributes: Record<string, string[]> }>

export interface SimpleSamlPhp {
  entityId: string
  metadataUrl: string
  /** Changes who can sign in. */
  write(directory: Directory): void
}

interface ServiceProvider {
  entityId: string
  acs: string
  /** DER in base64: assertions are encrypted for it. */
  encryptionCertificate?: string
  /** Whether requests must be signed by that certificate. */
  signs?: boolean
}

/** Debian's SimpleSAMLphp as identity provider, on PHP's own server. */
export async function startSimpleSamlPhp(
  t: TestContext,
  { directory, sp }: { directory: Directory; sp: ServiceProvider },
): Promise<SimpleSamlPhp> {
  const [folder, port] = [temporaryFolder(), await freePort()]
  const base = `http://127.0.0.1:${port}/`
  for (const name of ['cert', 'metadata', 'sessions', 'log', 'data', 'tmp']) mkdirSync(join(folder, name))
  const key = readOwnKey(await createOwnKey('simplesamlphp.example', Date.now()))
  if (!key) throw new Error('no key')
  writeFileSync(join(folder, 'cert/idp.pem'), key.privatePem)
  writeFileSync(join(folder, 'cert/idp.crt'), key.certificates.join('\n'))
  write(folder, 'config.php', `$config = ${inPhp(configuration(folder, base))};`)
  const host = {
    ...{ host: '__DEFAULT__', privatekey: 'idp.pem', certificate: 'idp.crt', auth: 'people' },
    'signature.algorithm': 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  }
  write(folder, 'metadata/saml20-idp-hosted.php', `$metadata['${base}idp'] = ${inPhp(host)};`)
  const remote = {
    AssertionConsumerService: sp.acs,
    ...{ 'saml20.sign.assertion': true, 'saml20.sign.response': true },
    NameIDFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
    simplesaml: null,
    'simplesaml.nameidattribute': 'uid',
    ...(sp.encryptionCertificate && {
      'assertion.encryption': true,
      keys: [
        {
          ...{ encryption: true, signing: true, type: 'X509Certificate' },
          X509Certificate: sp.encryptionCertificate,
        },
      ],
      'validate.authnrequest': sp.signs === true,
    }),
  }
  write(folder, 'metadata/saml20-sp-remote.php', `$metadata['${sp.entityId}'] = ${inPhp(remote)};`)
  const people = (now: Directory) =>
    write(
      folder,
      'authsources.php',
      `$config = ${inPhp({ admin: ['core:AdminPassword'], people: users(now) })};`,
    )
  people(directory)
  await serve(t, { folder, port })
  return { entityId: `${base}idp`, metadataUrl: `${base}saml2/idp/metadata.php`, write: people }
}

const write = (folder: string, name: string, text: string): void =>
  writeFileSync(join(folder, name), `<?php\n${text}\n`)

const configuration = (folder: string, base: string) => ({
  ...{ baseurlpath: base, certdir: `${folder}/cert/`, loggingdir: `${folder}/log/` },
  ...{ datadir: `${folder}/data/`, tempdir: `${folder}/tmp/`, metadatadir: `${folder}/metadata/` },
  ...{ 'auth.adminpassword': 'not used', secretsalt: 'salt of a test', timezone: 'UTC' },
  ...{ technicalcontact_email: 'nobody@example.com', 'logging.handler': 'file', showerrors: true },
  ...{ errorreporting: false, 'session.cookie.secure': false, 'enable.saml20-idp': true },
  'module.enable': { exampleauth: true, core: true, saml: true },
  ...{ 'store.type': 'phpsession', 'session.phpsession.savepath': `${folder}/sessions` },
  'language.available': ['en'],
  'language.default': 'en',
  'metadata.sources': [{ type: 'flatfile', directory: `${folder}/metadata` }],
})

const users = (directory: Directory) => ({
  '0': 'exampleauth:UserPass',
  ...Object.fromEntries(
    Object.entries(directory).map(([name, { password, attributes }]) => [
      `${name}:${password}`,
      { uid: [name], ...attributes },
    ]),
  ),
})

/** A PHP literal. */
function inPhp(value: unknown): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return String(value)
  if (typeof value === 'string') return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
  if (Array.isArray(value)) return `[${value.map(inPhp).join(', ')}]`
  const entries = Object.entries(value as object).filter(([, one]) => one !== null)
  return `[${entries.map(([name, one]) => `${/^\d+$/.test(name) ? name : inPhp(name)} => ${inPhp(one)}`).join(', ')}]`
}

async function serve(t: TestContext, { folder, port }: { folder: string; port: number }): Promise<void> {
  // PHP's own server caches compiled files for two seconds: what the test writes would not count at once.
  const settings = ['display_errors=0', 'opcache.enable=0', `session.save_path=${folder}/sessions`]
  const options = settings.flatMap((one) => ['-d', one])
  const child = spawn(php as string, [...options, '-S', `127.0.0.1:${port}`, '-t', '.'], {
    cwd: join(installation, 'www'),
    env: { PATH: process.env.PATH, SIMPLESAMLPHP_CONFIG_DIR: folder },
    stdio: 'ignore',
  })
  t.after(() => child.kill('SIGKILL'))
  for (let tries = 0; tries < 100; tries++) {
    const reply = await fetch(`http://127.0.0.1:${port}/saml2/idp/metadata.php`).catch(() => undefined)
    if (reply?.ok) return
    await wait(100)
  }
  const reply = await fetch(`http://127.0.0.1:${port}/saml2/idp/metadata.php`)
  throw new Error(`SimpleSAMLphp answered ${reply.status}: ${(await reply.text()).slice(0, 2000)}`)
}
