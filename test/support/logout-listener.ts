import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'

export interface LogoutListener {
  url: string
  /** The logout tokens that came. */
  received: string[]
  /** The status that it answers with. */
  answer: { status: number }
}

/** An application that listens for the end of sessions. */
export async function logoutListener(t: TestContext): Promise<LogoutListener> {
  const received: string[] = []
  const answer = { status: 200 }
  const http = createServer(async (incoming, response) => {
    received.push(new URLSearchParams(await text(incoming)).get('logout_token') ?? '')
    response.writeHead(answer.status).end()
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  t.after(() => http.close())
  return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/logout`, received, answer }
}

export async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 300 && !isSo(); tries++) await new Promise((resolve) => setTimeout(resolve, 20))
  assert.ok(isSo(), 'it did not come about')
}
