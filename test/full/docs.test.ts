import { test } from 'node:test'
import { openBrowser, skipWithoutChromium } from '../support/chromium.ts'
import { server } from '../support/fixture.ts'
import { inspect } from '../support/page-check.ts'

const options = { skip: skipWithoutChromium, timeout: 90_000 }

for (const colorScheme of ['light', 'dark'] as const)
  for (const width of [1280, 360])
    test(
      `the page of the API, ${colorScheme}, ${width} pixels wide, with every part open`,
      options,
      async (t) => {
        const app = await server(t)
        const context = await (await openBrowser(t)).newContext({
          colorScheme,
          viewport: { width, height: 800 },
        })
        const page = await context.newPage()
        await page.goto(`${app.url}/docs`)
        await inspect(page, `docs-${colorScheme}-${width}`)
        await page.evaluate('for (const call of document.querySelectorAll("details")) call.open = true')
        await page.getByLabel('Python').check()
        await inspect(page, `docs-${colorScheme}-${width}-open`)
      },
    )
