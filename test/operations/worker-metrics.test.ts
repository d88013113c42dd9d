import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { sqlite } from '../support/engines.ts'
import { serveProcess } from '../support/sumun.ts'

/** On a connection of its own, so that the processes take turns. */
const get = async (url: string): Promise<string> =>
  (await fetch(url, { headers: { connection: 'close' }, signal: AbortSignal.timeout(3000) })).text()

const countOf = (text: string, series: string): number =>
  Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${series} `))
      ?.slice(series.length + 1) ?? Number.NaN,
  )

test('the event loop delay is measured since the last scrape', async (t) => {
  const served = await serveProcess({ ...(await sqlite.prepare(t)), SUMUN_LOG_LEVEL: 'silent' })
  t.after(() => served.terminate())
  await get(`${served.url}/metrics`)
  await wait(300)
  const text = await get(`${served.url}/metrics`)
  assert.ok(countOf(text, 'nodejs_eventloop_lag_max_seconds') > 0)
  assert.ok(countOf(text, 'process_start_time_seconds') > 0)
})

test('any worker reports the metrics of all, and the restarts', {
  timeout: 60_000,
}, async (t) => {
  const served = await serveProcess({
    ...(await sqlite.prepare(t)),
    SUMUN_WORKERS: '3',
    SUMUN_LOG_LEVEL: 'silent',
  })
  t.after(() => served.terminate())
  const asked = 40
  await Promise.all(Array.from({ length: asked }, () => get(`${served.url}/healthz`)))
  const healthz = 'sumun_http_request_duration_seconds_count{route="/healthz",method="GET",status="200"}'
  for (let time = 0; time < 9; time++) {
    const text = await get(`${served.url}/metrics`)
    assert.equal(countOf(text, healthz), asked)
    assert.equal(countOf(text, 'sumun_hash_queue_waiting'), 0)
    assert.equal(countOf(text, 'sumun_worker_restarts_total'), 0)
    assert.equal(text.split('\n').filter((line) => line === '# TYPE sumun_sign_ins_total counter').length, 1)
  }
  const [worker] = execFileSync('pgrep', ['-P', String(served.pid)], { encoding: 'utf8' })
    .trim()
    .split('\n')
  // Others ask for its metrics before the primary knows that it is gone.
  const { hostname, port } = new URL(served.url)
  const kept = Array.from({ length: 9 }, () => connect(Number(port), hostname).on('error', () => undefined))
  const asks = (): void => {
    for (const socket of kept) socket.write('GET /metrics HTTP/1.1\r\nhost: x\r\n\r\n')
  }
  asks()
  await Promise.all(kept.map((socket) => once(socket, 'data')))
  process.kill(served.pid, 'SIGSTOP')
  asks()
  await wait(100)
  process.kill(Number(worker), 'SIGKILL')
  await wait(100)
  process.kill(served.pid, 'SIGCONT')
  t.after(() => {
    for (const socket of kept) socket.destroy()
  })
  for (let tries = 0; tries < 100; tries++) {
    const text = await get(`${served.url}/metrics`).catch(() => '')
    if (countOf(text, 'sumun_worker_restarts_total') === 1) return
    await wait(100)
  }
  assert.fail('the restart was not counted')
})
