import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { answers, endWith } from './child.ts'
import { freePort } from './free-port.ts'

const modules = '/usr/lib/apache2/modules'
const usual = ['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'dir', 'mime', 'headers', 'setenvif']

/** For node:test: false, or the reason. */
export const withoutApacheModule = (name: string): false | string =>
  existsSync(`${modules}/mod_${name}.so`)
    ? false
    : `Apache with libapache2-mod-${name.replaceAll('_', '-')} is not installed`

export interface Apache {
  /** Its address, without a path. */
  home: string
  folder: string
  start(configuration: string): Promise<void>
  errors(): string
}

/** Debian's Apache with one page, "members only", on a free port of loopback. */
export async function prepareApache(t: TestContext, module: string): Promise<Apache> {
  const [port, folder] = [await freePort(), mkdtempSync(join(tmpdir(), 'sumun-apache-'))]
  chmodSync(folder, 0o755)
  mkdirSync(join(folder, 'htdocs'))
  writeFileSync(join(folder, 'htdocs/index.html'), '<!doctype html><title>Members</title><p>members only')
  const loaded = [...usual, module].map((name) => `LoadModule ${name}_module ${modules}/mod_${name}.so`)
  const common = `
${loaded.join('\n').replace('shib_module', 'mod_shib')}
ServerRoot ${folder}
ServerName http://127.0.0.1:${port}
UseCanonicalName On
Listen 127.0.0.1:${port}
PidFile ${folder}/pid
ErrorLog ${folder}/error.log
DefaultRuntimeDir ${folder}
Mutex file:${folder}
TypesConfig /etc/mime.types
${process.getuid?.() === 0 ? 'User www-data\nGroup www-data' : ''}
DocumentRoot ${folder}/htdocs
DirectoryIndex index.html
`
  return {
    ...{ home: `http://127.0.0.1:${port}`, folder },
    async start(configuration) {
      writeFileSync(join(folder, 'apache.conf'), common + configuration)
      const apache = spawn('/usr/sbin/apache2', ['-f', join(folder, 'apache.conf'), '-D', 'FOREGROUND'], {
        stdio: 'ignore',
      })
      endWith(t, apache)
      t.after(() => rmSync(folder, { recursive: true, force: true }))
      await answers(port)
    },
    errors: () => readFileSync(join(folder, 'error.log'), 'utf8'),
  }
}
