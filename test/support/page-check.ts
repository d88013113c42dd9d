import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import axe from 'axe-core'
import type { Page } from 'playwright-core'

const folder = process.env.TEST_SCREENSHOTS

interface Finding {
  id: string
  help: string
  nodes: { html: string; failureSummary: string }[]
}

/**
 * Nothing that axe-core finds, by the rules of WCAG 2.2 AA and its best practices, in the state the page is
 * in.
 */
export async function assertAccessible(page: Page, what: string): Promise<void> {
  // Over the protocol, which the page's own policy does not forbid.
  await page.evaluate(`${axe.source}; 0`)
  const found = (await page.evaluate(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'], iframes: false, preload: false }).then(({ violations }) => violations)`,
  )) as Finding[]
  const told = found.map(
    ({ id, help, nodes }) =>
      `${id}: ${help}\n${nodes.map(({ html, failureSummary }) => `  ${html}\n  ${failureSummary}`).join('\n')}`,
  )
  assert.deepEqual(told, [], what)
}

/** Kept where TEST_SCREENSHOTS names a folder, as for docs/images. */
export async function look(page: Page, name: string): Promise<void> {
  if (folder === undefined) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
}

/** Both, one after the other. */
export async function inspect(page: Page, name: string): Promise<void> {
  await look(page, name)
  await assertAccessible(page, name)
  const overflow = await page.evaluate(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  )
  assert.equal(overflow, 0, `${name} is wider than its window`)
}
