import type { TestContext } from 'node:test'
import type { Clock } from '../../src/domain/clock.ts'
import type { MethodDefinition } from '../../src/domain/method.ts'
import { createLog } from '../../src/log.ts'
import { methods as standardMethods } from '../../src/methods/index.ts'
import { type RunningServer, startServer } from '../../src/server.ts'
import { readSettings } from '../../src/settings/read.ts'
import { type Client, createClient } from './client.ts'
import { type StoreEngine, sqlite } from './engines.ts'

/**
 * Cheap on purpose: what is tested is behaviour, not cost. Only the tests of timing and of the queue use the
 * real one.
 */
export const cheapPasswords = { memoryKibibytes: 64, passes: 1, parallelism: 1 }

export interface TestClock extends Clock {
  advance(milliseconds: number): void
}

export interface TestServer extends Client {
  url: string
  clock: TestClock
  running: RunningServer
  environment: Record<string, string>
  stop(): Promise<void>
}

export interface ServerOptions {
  engine?: StoreEngine
  /** `SUMUN_…` settings beside those that every test server has. */
  settings?: Record<string, string>
  /** Of another server, to stand beside it on the same database. */
  environment?: Record<string, string>
  clock?: TestClock
  passwordCost?: typeof cheapPasswords
  /** Others than the standard ones. */
  methods?: readonly MethodDefinition[]
}

/** A real server on a free port of loopback, over a database of its own. It stops when the test ends. */
export async function server(t: TestContext, given: ServerOptions = {}): Promise<TestServer> {
  // Hooks run in the order in which they were registered: the server stops before its folder and database go.
  let running: RunningServer | undefined
  let stopped: Promise<void> | undefined
  // The test has its replies; no request is pending.
  const stop = (): Promise<void> => (stopped ??= running?.stop(0) ?? Promise.resolve())
  t.after(stop)
  const environment = given.environment ?? (await (given.engine ?? sqlite).prepare(t))
  const clock = given.clock ?? clockFromNow()
  const methods = given.methods ?? standardMethods
  const settings = await readSettings({
    methods,
    environment: { SUMUN_PORT: '0', SUMUN_LOG_LEVEL: 'silent', ...environment, ...given.settings },
    flags: {},
  })
  const log = await createLog({ level: settings.server.logLevel, output: process.stderr })
  running = await startServer({
    settings,
    log,
    clock,
    methods,
    announces: false,
    checksReplies: true,
    passwordCost: given.passwordCost ?? cheapPasswords,
  })
  return { ...createClient(running.url), url: running.url, clock, running, environment, stop }
}

/** Stands still except for what a test adds, so that a slow machine does not matter. */
export function clockStandingStill(): TestClock {
  let now = Date.now()
  return {
    now: () => now,
    advance(milliseconds) {
      now += milliseconds
    },
  }
}

/** Starts at the real time, so that other verifiers agree, and runs; a test can add to it. */
export function clockFromNow(): TestClock {
  let added = 0
  return {
    now: () => Date.now() + added,
    advance(milliseconds) {
      added += milliseconds
    },
  }
}
