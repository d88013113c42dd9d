import { spawn } from 'node:child_process'
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { temporaryFolder } from './folder.ts'
import { freePort } from './postgres.ts'

const binary = ['/usr/sbin/nginx', '/usr/local/sbin/nginx', '/opt/homebrew/bin/nginx'].find((path) =>
  existsSync(path),
)

/** For node:test: false, or the reason. */
export const skipWithoutNginx: false | string = binary ? false : 'nginx is not installed'

export interface Nginx {
  origin: string
  /** Each as `METHOD PATH STATUS`, in order, of those that `location` sends to the log. */
  logged(): string[]
}

/**
 * Debian's nginx on a free port of loopback, as an operator sets it up. `http`: what stands beside the
 * server, such as an upstream; `locations`: of the server. The header `X-Forwarded-For` names a client
 * elsewhere.
 */
export async function startNginx(
  t: TestContext,
  { http = '', locations, port }: { http?: string; locations: string; port?: number },
): Promise<Nginx> {
  const folder = temporaryFolder()
  chmodSync(folder, 0o755)
  const listening = port ?? (await freePort())
  const log = join(folder, 'log')
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  )
  const configuration = `worker_processes 1;
daemon off;
pid ${folder}/pid;
error_log ${folder}/error crit;
events { worker_connections 1024; }
http {
  ${temporary.join('\n  ')}
  access_log off;
  log_format asked '$request_method $request_uri $status';
  proxy_http_version 1.1;
  proxy_set_header Connection "";
  proxy_set_header Host $http_host;
  proxy_set_header X-Forwarded-For 203.0.113.7;
  ${http}
  server {
    listen 127.0.0.1:${listening};
    keepalive_requests 100000;
    ${locations.replaceAll('LOGGED', `access_log ${log} asked;`)}
  }
}
`
  writeFileSync(join(folder, 'nginx.conf'), configuration)
  const child = spawn(
    binary as string,
    ['-e', join(folder, 'error'), '-p', folder, '-c', join(folder, 'nginx.conf')],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
  let complaints = ''
  child.stderr.on('data', (data) => (complaints += data))
  const exited = new Promise((resolve) => child.once('exit', resolve))
  t.after(async () => {
    child.kill('SIGTERM')
    await exited
  })
  for (let tries = 0; tries < 100; tries++) {
    if (child.exitCode !== null) break
    if (await answers(listening)) {
      return {
        origin: `http://127.0.0.1:${listening}`,
        logged: () => (existsSync(log) ? readFileSync(log, 'utf8').split('\n').filter(Boolean) : []),
      }
    }
    await wait(50)
  }
  throw new Error(`nginx did not start: ${complaints}`)
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
