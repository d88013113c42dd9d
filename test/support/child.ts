import type { ChildProcess } from 'node:child_process'
import { connect } from 'node:net'
import type { TestContext } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'

/** Ended by its own process id, and waited for. */
export function endWith(t: Pick<TestContext, 'after'>, child: ChildProcess): void {
  t.after(async () => {
    if (child.exitCode !== null) return
    const over = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    await over
  })
}

/** Resolves when a port of loopback takes connections. */
export async function answers(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false))
      socket.once('connect', () => socket.end())
    })
    if (isOpen) return
    await wait(50)
  }
  throw new Error(`nothing listens on ${port}`)
}
