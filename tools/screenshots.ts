import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'
import { type Locale, locales } from '../src/domain/locale.ts'
import { chromiumPath, sandboxFlags } from './chromium.ts'
import { documentsIn, serveGallery } from './gallery/gallery.ts'

/**
 * `npm run screenshots [FOLDER] [LANGUAGE …]`: a picture of every page in every state and of every mail, by
 * language, theme, width, zoom, and without script; and one sheet a view, to be looked at.
 */
interface View {
  name: string
  colorScheme: 'light' | 'dark'
  width: number
  zoom?: number
  javaScriptEnabled?: boolean
}

const views: readonly View[] = [
  ...(['light', 'dark'] as const).flatMap((colorScheme) =>
    [360, 1280].map((width): View => ({ name: `${colorScheme}-${width}`, colorScheme, width })),
  ),
  // Zoom is a narrower window with larger pixels.
  { name: 'zoom-200', colorScheme: 'light', width: 640, zoom: 2 },
  { name: 'zoom-400', colorScheme: 'light', width: 320, zoom: 4 },
  { name: 'no-script', colorScheme: 'light', width: 360, javaScriptEnabled: false },
]
const sheetWidth = 2000
const pictureWidth = 230

const [folder = '.tmp/screenshots', ...wanted] = process.argv.slice(2)
if (chromiumPath === undefined) throw new Error('Chromium is not installed')
const browser = await chromium.launch({ executablePath: chromiumPath, args: [...sandboxFlags] })
const { url, server } = await serveGallery()
let count = 0
for (const locale of wanted.length > 0 ? (wanted as Locale[]) : locales)
  for (const view of views) count += await takeView(browser, locale, view)
await browser.close()
server.close()
console.log(`${count} pictures and their sheets are in ${folder}`)

async function takeView(browser: Browser, locale: Locale, view: View): Promise<number> {
  const { name, colorScheme, width, zoom = 1, javaScriptEnabled = true } = view
  const context = await browser.newContext({
    ...{ colorScheme, javaScriptEnabled, locale },
    viewport: { width, height: 640 },
    deviceScaleFactor: Math.min(zoom, 2),
  })
  const page = await context.newPage()
  const into = join(folder, `${locale}-${name}`)
  mkdirSync(into, { recursive: true })
  const paths: string[] = []
  for (const state of documentsIn(locale).keys()) {
    await page.goto(`${url}/${state}?locale=${locale}`)
    const path = join(into, `${state.replaceAll('/', '-')}.png`)
    await page.screenshot({ path, fullPage: true })
    paths.push(path)
  }
  await context.close()
  await takeSheet(browser, paths, join(folder, `${locale}-${name}.png`))
  return paths.length
}

/** All pictures of a view beside each other, each with its name. */
async function takeSheet(browser: Browser, paths: readonly string[], path: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: sheetWidth, height: 1000 } })
  const figures = paths.map(
    (one) =>
      `<figure style="margin:0;width:${pictureWidth}px"><img style="width:100%;display:block" src="data:image/png;base64,${readFileSync(one).toString('base64')}"><figcaption>${one.split('/').at(-1)}</figcaption></figure>`,
  )
  await page.setContent(
    `<body style="margin:8px;background:#888;font:11px sans-serif;display:flex;flex-wrap:wrap;gap:8px;align-items:flex-start">${figures.join('')}</body>`,
  )
  writeFileSync(path, await page.screenshot({ fullPage: true }))
  await page.close()
}
