import { after, type TestContext } from 'node:test'
import { type Browser, chromium } from 'playwright-core'
import { chromiumPath, sandboxFlags } from '../../tools/chromium.ts'

/** For node:test: false, or the reason. */
export const skipWithoutChromium: false | string = chromiumPath ? false : 'Chromium is not installed'

let shared: Promise<Browser> | undefined
after(async () => (await shared)?.close())

/**
 * A browser of the machine's own, which asks nothing of the network besides what a test opens. One a file;
 * what a test opened in it goes with the test.
 */
export async function openBrowser(t: TestContext): Promise<Browser> {
  const quiet = [
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--host-resolver-rules=MAP *.test 127.0.0.1', // names on a network of one's own
  ]
  shared ??= chromium.launch({
    executablePath: chromiumPath as string,
    args: [...sandboxFlags, ...quiet],
  })
  const browser = await shared
  t.after(() => Promise.all(browser.contexts().map((context) => context.close())))
  return browser
}
