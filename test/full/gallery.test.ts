import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { Page } from 'playwright-core'
import { type Locale, locales } from '../../src/domain/locale.ts'
import { documentsIn, serveGallery } from '../../tools/gallery/gallery.ts'
import { openBrowser, skipWithoutChromium } from '../support/chromium.ts'
import { assertAccessible } from '../support/page-check.ts'

/**
 * Every page in every state, and every mail, in every language: nothing that axe-core finds, nothing wider than
 * its window at 400 % (320 pixels), and nothing that only script could use where there is none.
 */
const options = { skip: skipWithoutChromium, timeout: 300_000 }
const looks = [
  { locale: 'ko', name: 'light, at 400 %', colorScheme: 'light', viewport: { width: 320, height: 640 } },
  { locale: 'ko', name: 'dark, wide', colorScheme: 'dark', viewport: { width: 1280, height: 800 } },
  { locale: 'en', name: 'light, wide', colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  { locale: 'ja', name: 'dark, at 400 %', colorScheme: 'dark', viewport: { width: 320, height: 640 } },
] as const

async function visit(
  t: TestContext,
  page: Page,
  { locale, check }: { locale: Locale; check: (name: string) => Promise<void> },
): Promise<void> {
  const { url, server } = await serveGallery()
  t.after(() => server.close())
  const names = [...documentsIn(locale).keys()]
  assert.ok(names.length > 100, `${names.length} states`)
  for (const name of names) {
    await page.goto(`${url}/${name}?locale=${locale}`)
    await check(name)
  }
}

const fits = async (page: Page, name: string): Promise<void> => {
  const wider = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'
  assert.equal(await page.evaluate(wider), 0, `${name} is wider than its window`)
}

for (const { name: look, locale, ...view } of looks)
  test(`${locale}, ${look}: every state is accessible and fits`, options, async (t) => {
    const page = await (await openBrowser(t)).newPage(view)
    await visit(t, page, {
      locale,
      async check(name) {
        await fits(page, name)
        await assertAccessible(page, name)
      },
    })
  })

for (const locale of locales.filter((one) => one !== 'ko' && one !== 'ja'))
  test(`${locale}: every state fits at 400 %`, options, async (t) => {
    const page = await (await openBrowser(t)).newPage({ viewport: { width: 320, height: 640 } })
    await visit(t, page, { locale, check: (name) => fits(page, name) })
  })

test('without script nothing is shown that needs it', options, async (t) => {
  const page = await (await openBrowser(t)).newPage({ javaScriptEnabled: false })
  await visit(t, page, {
    locale: 'ko',
    async check(name) {
      const dead = page.locator('[data-with-script]:visible, button[type=button]:not(.chip):visible')
      assert.deepEqual(await dead.allTextContents(), [], name)
    },
  })
})
