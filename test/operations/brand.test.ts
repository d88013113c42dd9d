import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { contrast, inkOn } from '../../src/domain/brand.ts'
import { updateClient } from '../../src/engine/clients/clients.ts'
import { openBrowser, skipWithoutChromium } from '../support/chromium.ts'
import { server } from '../support/fixture.ts'
import { application, discover, request } from '../support/oidc.ts'
import { inspect } from '../support/page-check.ts'

const boat =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="#8a3b12" d="M2 14h20l-4 6H6zM12 3v9H4z"/></svg>'

function brandFile(t: TestContext, brand: unknown): string {
  const folder = mkdtempSync(join(tmpdir(), 'sumun-brand-'))
  t.after(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'boat.svg'), boat)
  writeFileSync(join(folder, 'brand.json'), JSON.stringify(brand))
  return join(folder, 'brand.json')
}

const brand = {
  logo: 'boat.svg',
  accent: { light: '#8a3b12', dark: '#f0b08a' },
  links: { privacy: 'https://boats.example/privacy', help: 'https://boats.example/help' },
  welcome: { en: 'Fold one, and let it float.', ko: '하나 접어 띄워 보세요.' },
}

test('a page has the brand of its server, or of the application', {
  skip: skipWithoutChromium,
  timeout: 60_000,
}, async (t) => {
  const app = await server(t, { settings: { SUMUN_BRAND: brandFile(t, brand), SUMUN_SITE_NAME: '종이배' } })
  const page = await (
    await (await openBrowser(t)).newContext({ locale: 'ko-KR', viewport: { width: 1100, height: 760 } })
  ).newPage()
  const colourOf = () =>
    page
      .locator('main form button')
      .first()
      .evaluate((button) => getComputedStyle(button).backgroundColor)
  await page.goto(`${app.url}/signin`)
  assert.equal(await colourOf(), 'rgb(138, 59, 18)')
  assert.ok(
    await page
      .locator('header img')
      .evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth > 0),
  )
  await page.getByText('하나 접어 띄워 보세요.').waitFor()
  assert.equal(await page.getByRole('link', { name: '도움말' }).getAttribute('href'), brand.links.help)
  await inspect(page, 'brand-1-server')
  await page.emulateMedia({ colorScheme: 'dark' })
  assert.equal(await colourOf(), 'rgb(240, 176, 138)')
  await inspect(page, 'brand-2-dark')
  await page.emulateMedia({ colorScheme: 'light' })
  const registered = await application(
    app,
    {},
    { brand: { accent: { light: '#0a5c36', dark: '#7fd8a4' }, welcome: { ko: '주문하려면 로그인하세요.' } } },
  )
  await page.goto((await request(await discover(app, registered))).url)
  assert.equal(await colourOf(), 'rgb(10, 92, 54)')
  await page.getByText('주문하려면 로그인하세요.').waitFor()
  assert.equal(
    await page.locator('header img').count(),
    1,
    "what the application does not say is the server's",
  )
  await inspect(page, 'brand-3-application')
  const change = { metadata: {}, settings: { brand: { accent: { light: '#ffee88', dark: '#7fd8a4' } } } }
  const { engine, openid } = app.running
  await assert.rejects(
    updateClient(engine, {
      id: registered.id,
      revision: null,
      change,
      check: openid.checkClient,
      actor: 'test',
    }),
    /accent.light: #ffee88 has a contrast of 1/,
  )
})

test('an unreadable or invalid brand is refused at start, with every error', async (t) => {
  const refused = {
    'accent.light: #ffee88 has a contrast of 1.*accent.dark: #222222 has a contrast of 1': {
      accent: { light: '#ffee88', dark: '#222222' },
    },
    'colour: there is no such entry': { colour: 'red' },
    'accent.dark: is missing': { accent: { light: '#0b57d0' } },
    'links.help': { links: { help: 'javascript:alert(1)' } },
    'accent.light': { accent: { light: 'red; } body { display: none', dark: '#ffffff' } },
    'logo: must be one of .svg': { logo: 'boat.html' },
    'logo: cannot be read': { logo: 'none.svg' },
    logo: { logo: 'data:text/html;base64,AAAA' },
  }
  for (const [words, wrong] of Object.entries(refused))
    await assert.rejects(
      server(t, { settings: { SUMUN_BRAND: brandFile(t, wrong) } }),
      new RegExp(words, 's'),
    )
})

test('contrast is computed by WCAG 2.2', () => {
  assert.equal(contrast('#000000', '#ffffff').toFixed(2), '21.00')
  assert.equal(contrast('#777777', '#ffffff').toFixed(2), '4.48')
  assert.deepEqual([inkOn('#0b57d0'), inkOn('#8ab4f8')], ['#ffffff', '#10151c'])
})
