import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { countRows } from '../support/change-database.ts'
import { createClient } from '../support/client.ts'
import { engines, sqlite } from '../support/engines.ts'
import { clockStandingStill, server } from '../support/fixture.ts'
import { serveProcess } from '../support/sumun.ts'

const megabytesMax = 150

const residentMegabytes = (pid: number): number =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024

function open(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port) }, () => resolve(socket))
    socket.once('error', reject)
  })
}

/** How many replies came, once as many have or none came for a while. */
async function countReplies(socket: Socket, expected: number): Promise<number> {
  let [replies, heardAt, tail] = [0, performance.now(), '']
  socket.on('data', (chunk) => {
    heardAt = performance.now()
    const text = tail + chunk.toString('latin1')
    replies += text.split('HTTP/1.1 200').length - 1
    tail = text.slice(-11).replace(/HTTP\/1\.1 200$/, '')
  })
  while (replies < expected && performance.now() - heardAt < 5_000) await wait(20)
  return replies
}

test('a thousand pipelined requests are answered with bounded memory', {
  timeout: 120_000,
}, async (t) => {
  const served = await serveProcess(await sqlite.prepare(t))
  t.after(() => served.kill())
  await createClient(served.url).get('/docs')
  const rest = residentMegabytes(served.pid)
  let peak = rest
  const watch = setInterval(() => (peak = Math.max(peak, residentMegabytes(served.pid))), 20)
  t.after(() => clearInterval(watch))
  for (const [path, connections, each] of [
    ['/docs', 1, 400],
    ['/docs', 2, 1000],
    ['/openapi.json', 2, 400],
    ['/signin', 2, 1000],
    ['/oauth/device', 1, 400],
    ['/healthz', 4, 1000],
  ] as const) {
    const sockets = await Promise.all(Array.from({ length: connections }, () => open(served.url)))
    const packet = `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(each)
    for (const socket of sockets) socket.write(packet)
    const counts = await Promise.all(sockets.map((socket) => countReplies(socket, each)))
    for (const socket of sockets) socket.destroy()
    assert.deepEqual(new Set(counts), new Set([each]), path)
    assert.ok(peak - rest < megabytesMax, `${path}: ${Math.round(peak - rest)} MB more than at rest`)
  }
})

test('a client that does not read its replies costs little memory, and no one else waits', {
  timeout: 120_000,
}, async (t) => {
  const served = await serveProcess(await sqlite.prepare(t))
  t.after(() => served.kill())
  const app = createClient(served.url)
  await app.get('/docs')
  const rest = residentMegabytes(served.pid)
  const sockets = await Promise.all(Array.from({ length: 50 }, () => open(served.url)))
  t.after(() => {
    for (const socket of sockets) socket.destroy()
  })
  for (const socket of sockets) {
    socket.on('error', () => undefined).pause()
    socket.write('GET /docs HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(1000))
  }
  await wait(3000)
  const grown = residentMegabytes(served.pid) - rest
  assert.ok(grown < megabytesMax, `${Math.round(grown)} MB more than at rest`)
  assert.equal((await app.get('/healthz')).status, 200)
})

for (const engine of engines)
  test(`${engine.name}: anonymous page views store few rows, for minutes`, {
    skip: engine.skip,
  }, async (t) => {
    // A second that passes would let one more through.
    const clock = clockStandingStill()
    const app = await server(t, { engine, clock, settings: { SUMUN_TRUST_PROXY: '1' } })
    const { id } = (await app.running.engine.store.clients.list({ after: null, limit: 1 }))[0] ?? {
      id: 'none',
    }
    assert.equal(id, 'none')
    const ask = (path: string, source: string) => app.get(path, { headers: { 'x-forwarded-for': source } })
    const statuses = new Map<number, number>()
    for (let round = 0; round < 22; round++)
      for (const { status } of await Promise.all(
        Array.from({ length: 50 }, () => ask('/oauth/device', '198.51.100.7')),
      ))
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
    assert.ok((statuses.get(429) ?? 0) > 50, JSON.stringify([...statuses]))
    assert.equal((await ask('/oauth/logout', '198.51.100.7')).status, 429)
    assert.equal((await ask('/oauth/device', '198.51.100.8')).status, 200)
    const tenMinutes = app.clock.now() + 10 * 60_000
    assert.equal(
      await countRows(
        app.environment,
        `SELECT COUNT(*) AS count FROM client_artifact WHERE expires_at > ${tenMinutes + 60_000}`,
      ),
      0,
    )
    assert.ok((await countRows(app.environment, 'SELECT COUNT(*) AS count FROM client_artifact')) <= 1050)
  })
