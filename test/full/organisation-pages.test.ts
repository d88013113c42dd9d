import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { inviteMember } from '../../src/engine/organisations/invitations.ts'
import { addAuthenticator } from '../support/authenticator.ts'
import { openBrowser, skipWithoutChromium } from '../support/chromium.ts'
import { dnsServer } from '../support/dns-server.ts'
import { engines } from '../support/engines.ts'
import { server, type TestServer } from '../support/fixture.ts'
import { messageTo } from '../support/messages.ts'
import { organisation } from '../support/organisations.ts'
import { inspect } from '../support/page-check.ts'
import { servedSamlIdp } from '../support/saml-idp.ts'

// A company's admin, from the invitation mail to a locked door, and back in; in Korean on a phone.
const password = 'copper lantern under the pier'
const submit = (page: Page) => page.click('main form button:not([type=button])')
const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first().click()
const data = (app: TestServer) => app.environment.SUMUN_DATA as string

for (const engine of engines)
  test(`${engine.name}: an admin joins, verifies the domain, connects SAML, tries and requires it; a colleague comes by it; a passkey is the way back`, {
    skip: engine.skip || skipWithoutChromium,
    timeout: 120_000,
  }, async (t) => {
    const dns = await dnsServer(t)
    const app = await server(t, {
      engine,
      settings: { SUMUN_SIGNUP: 'closed', SUMUN_DNS_SERVERS: dns.address },
    })
    const idp = await servedSamlIdp(t)
    const own = await organisation(app)
    const kim = 'kim@corp.example'
    await inviteMember(app.running.engine, {
      ...{ organisation: own, email: kim, roles: ['admin'], locale: 'ko', actor: 'cli' },
    })
    const invitation = await messageTo(data(app), kim)
    assert.match(invitation.subject, /한강전기에서 초대했습니다/)
    const context = await (await openBrowser(t)).newContext({
      ...{ locale: 'ko-KR', viewport: { width: 360, height: 740 } },
    })
    const page = await context.newPage()
    await addAuthenticator(page)
    await page.goto(String(invitation.link))
    await press(page, '계정 만들기')
    assert.equal(await page.inputValue('[name=email]'), kim)
    await submit(page)
    await page.fill('[name=password]', password)
    await press(page, '계정 만들기')
    const { code = '' } = await messageTo(data(app), kim, (one) => one.code !== undefined)
    await page.fill('[name=code]', code)
    await submit(page)
    await page.waitForURL(/\/account\/join/)
    await inspect(page, 'join')
    await press(page, '참여')
    await page.getByRole('link', { name: /관리/ }).click()
    await inspect(page, 'organisation')

    await page.fill('[name=domain]', 'corp.example')
    await press(page, '도메인 추가')
    const record = await page.locator('#domains').locator('xpath=..').locator('code').allTextContents()
    dns.records.set(record[0] as string, [record[1] as string])
    await press(page, /^확인 corp\.example/)
    assert.match(String(await page.locator('main').textContent()), /corp\.example\s*확인됨/)

    await page.fill('[name=metadata]', idp.metadata())
    await press(page, '연결')
    await press(page, '모두에게 필수로 지정')
    assert.match(
      String(await page.locator('[role=alert]').textContent()),
      /먼저 이 계정으로 한 번 로그인해서/,
    )
    idp.said = { nameId: 'e-1', attributes: { email: kim, displayName: '김민지', groups: ['dev'] } }
    await press(page, /이 계정으로 시험해 보기/)
    await page.waitForURL(/\/account\?said=linked/)
    // A way back, before the door is locked.
    await page.goto(`${app.url}/account/ways/passkey`)
    await submit(page)
    await press(page, '확인')
    await page.waitForURL(/\/account\?said=added/)
    const path = `${app.url}/account/organisations/${own.id}`
    await page.goto(path)
    await press(page, /비상 로그인 허용/)
    await press(page, '모두에게 필수로 지정')
    assert.match(String(await page.locator('main').textContent()), /필수/)
    await inspect(page, 'organisation-required')

    // A colleague of whom this server never heard.
    const other = await (await (await openBrowser(t)).newContext({ locale: 'ko-KR' })).newPage()
    idp.said = { nameId: 'e-2', attributes: { email: 'lee@corp.example', displayName: '이지우' } }
    await other.goto(`${app.url}/signin`)
    await other.fill('[name=username]', 'lee@corp.example')
    await submit(other)
    await other.waitForURL(`${app.url}/account`)
    assert.match(String(await other.locator('main').textContent()), /한강전기/)

    // The directory fails; the admin's password is no way in, and the passkey is.
    const login = await app.post('/login', { json: { username: kim, password } })
    assert.equal(login.body.code, 'more_evidence_required')
    await context.clearCookies()
    await page.goto(`${app.url}/signin`)
    await press(page, /패스키/)
    await page.waitForURL(/\/account/)
    await page.goto(path)
    assert.match(String(await page.locator('h1').textContent()), /한강전기/)
    await press(page, '필수 해제')
    assert.equal(await page.getByRole('button', { name: '모두에게 필수로 지정' }).count(), 1)
  })
