import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Secret, TOTP } from 'otpauth'
import type { Page } from 'playwright-core'
import type { Locale } from '../../src/domain/locale.ts'
import { methods } from '../../src/methods/index.ts'
import { words } from '../../src/words/pages.ts'
import { inSentence, say } from '../../src/words/say.ts'
import { addAuthenticator } from '../support/authenticator.ts'
import { openBrowser, skipWithoutChromium } from '../support/chromium.ts'
import { server, type TestServer } from '../support/fixture.ts'
import { messageTo } from '../support/messages.ts'
import { inspect } from '../support/page-check.ts'
import { connectSimulator, simulators, startSimulator } from '../support/provider-simulators.ts'

/**
 * A new user on a phone: signs up by mail or by Kakao, adds a passkey, an app and recovery codes, loses the
 * phone, recovers, and signs in again. No step takes a hint that is not on the page.
 */
const people = {
  ko: { name: '김민지', first: '노을 진 항구의 구리 등불', second: '새벽 안개 속 붉은 우체통' },
  ja: { name: '山田葵', first: '夕焼けの港に銅のランタン', second: '朝霧の中の赤い郵便ポスト' },
} as const
const kakao = simulators.find(({ preset }) => preset === 'kakao')
const limitMilliseconds = 180_000

interface Walk {
  app: TestServer
  page: Page
  locale: keyof typeof people
  email: string
  look(step: string): Promise<void>
}

for (const [locale, start] of [
  ['ko', 'mail'],
  ['ja', 'mail'],
  ['ko', 'kakao'],
] as const)
  test(`a new user on a phone, in ${locale}, who begins with ${start}`, {
    skip: skipWithoutChromium,
    timeout: limitMilliseconds,
  }, async (t) => {
    const app = await server(t, { settings: { SUMUN_HOST: 'localhost', SUMUN_SITE_NAME: '종이배' } })
    if (start === 'kakao') {
      assert.ok(kakao)
      await connectSimulator(app, await startSimulator(t, kakao), kakao)
    }
    const viewport = { width: 360, height: 780 }
    const page = await (await (await openBrowser(t)).newContext({ locale, viewport })).newPage()
    const faults: string[] = []
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().includes('422')) faults.push(message.text())
    })
    page.on('pageerror', (error) => faults.push(String(error)))
    let step = 0
    const walk: Walk = {
      ...{ app, page, locale, email: 'minji@example.com' },
      look: (name) => inspect(page, `new-user-${locale}-${start}-${String(++step).padStart(2, '0')}-${name}`),
    }
    if (start === 'kakao') walk.email = kakao?.address?.[0] as string
    const authenticator = await addAuthenticator(page)
    await page.goto(`${app.url}/account`)
    await walk.look('sign-in')
    await (start === 'kakao' ? signUpByKakao(walk) : signUpByMail(walk))
    await setUpPasskey(walk)
    if (start === 'mail') await setUpApp(walk)
    const codes = await setUpCodes(walk)
    await authenticator.touch(false) // the phone is lost, and the password forgotten
    await signOut(walk)
    await recover(walk, codes[0] as string)
    await signOut(walk)
    // A passkey needs no name: the browser offers it by autofill.
    const { signIn, account } = words[locale]
    await page.getByRole('heading', { name: signIn.title, exact: true }).waitFor()
    await authenticator.touch(true)
    await page.reload()
    await page.getByRole('heading', { name: account.title }).waitFor()
    assert.deepEqual(faults, [])
  })

const method = (id: string, locale: Locale) => {
  const own = methods.find((one) => one.id === id)?.words[locale] as Record<string, string>
  return { ...own, label: own.label as string } as Record<string, string> & { label: string }
}
const press = (page: Page, name: string): Promise<void> =>
  page.getByRole('button', { name, exact: true }).first().click()
const add = ({ page, locale }: Walk, id: string): Promise<void> =>
  press(
    page,
    say(locale, words[locale].account.addWay, { method: inSentence(locale, method(id, locale).label) }),
  )
const isSaid = ({ page }: Walk, text: string): Promise<void> =>
  page.locator('[role=status].note').getByText(text).waitFor()
const signOut = ({ page, locale }: Walk): Promise<void> => press(page, words[locale].site.signOut)

async function signUpByMail(walk: Walk): Promise<void> {
  const { app, page, locale, email, look } = walk
  const { signIn, signUp, account, said } = words[locale]
  const password = page.getByLabel(method('password', locale).label, { exact: true })
  await page.getByRole('link', { name: signIn.makeAccount }).click()
  await look('sign-up')
  await page.getByLabel(signUp.email).fill(email)
  await press(page, signIn.continue)
  await page.getByText(`${signUp.name} (${signUp.optional})`).click()
  await page.getByLabel(signUp.name, { exact: true }).fill(people[locale].name)
  await password.fill('password')
  await press(page, signUp.submit)
  await look('weak-password')
  await page.getByText(email).waitFor()
  assert.equal(await page.getByLabel(signUp.name, { exact: true }).inputValue(), people[locale].name)
  await password.fill(people[locale].first)
  await press(page, signUp.submit)
  await isSaid(walk, said.welcome)
  await look('verify-address')
  const { code } = await messageTo(app.environment.SUMUN_DATA as string, email)
  await page.getByLabel(account.code).fill(code as string)
  await press(page, account.confirm)
  await isSaid(walk, said.verified)
  await look('my-account')
}

async function signUpByKakao({ page, look, locale }: Walk): Promise<void> {
  await page.locator('form[action^="/signin/with/kakao"] button').click()
  await page.getByRole('heading', { name: words[locale].account.title }).waitFor()
  await look('my-account')
}

async function setUpPasskey(walk: Walk): Promise<void> {
  await add(walk, 'passkey')
  await walk.look('passkey')
  await press(walk.page, words[walk.locale].account.confirm)
  await isSaid(walk, words[walk.locale].said.added)
}

async function setUpApp(walk: Walk): Promise<void> {
  const { app, page, locale, look } = walk
  const code = page.getByLabel(method('totp', locale).code as string)
  await add(walk, 'totp')
  await look('authenticator-app')
  const secret = (await page.locator('.secret').textContent()) as string
  await page.reload()
  assert.equal(await page.locator('.secret').textContent(), secret, 'loading it again shows the same secret')
  const totp = new TOTP({ secret: Secret.fromBase32(secret) })
  await code.fill('000000')
  await press(page, words[locale].account.confirm)
  await look('wrong-code')
  await code.fill(totp.generate({ timestamp: app.clock.now() }))
  await press(page, words[locale].account.confirm)
  await isSaid(walk, words[locale].said.added)
}

async function setUpCodes(walk: Walk): Promise<string[]> {
  const { page, locale, look } = walk
  await add(walk, 'recovery-code')
  await look('recovery-codes')
  const codes = await page.locator('#codes li').allTextContents()
  assert.equal(codes.length, 10)
  await press(page, words[locale].account.kept)
  await isSaid(walk, words[locale].said.added)
  await look('everything-set-up')
  return codes
}

/** By a code in a mail and a recovery code, to a new password. */
async function recover(walk: Walk, saved: string): Promise<void> {
  const { app, page, locale, email, look } = walk
  const { signIn, account, said } = words[locale]
  const password = method('password', locale).label
  await page.getByRole('link', { name: signIn.lockedOut }).click()
  await look('recover')
  await page.getByLabel(signIn.name).fill(email)
  await press(page, signIn.continue)
  await look('recover-ways')
  await press(page, signIn.send)
  await look('code-sent')
  const mailed = method('email-code', locale)
  const subject = say(locale, mailed.recover_subject as string, { site: '종이배' })
  const { code } = await messageTo(app.environment.SUMUN_DATA as string, email, (one) =>
    one.subject.includes(subject),
  )
  await page.getByLabel(mailed.code as string).fill(code as string)
  await press(page, signIn.continue)
  await look('one-more-step')
  await page.getByText(signIn.why).click()
  await look('why')
  const way = method('recovery-code', locale)
  if (!(await page.getByLabel(way.code as string).isVisible())) {
    await page.getByText(signIn.otherWays).click()
    await press(page, way.label)
  }
  await page.getByLabel(way.code as string).fill(saved)
  await press(page, signIn.continue)
  await isSaid(walk, said.recovered)
  await look('back-in')
  await page.getByLabel(password, { exact: true }).fill(people[locale].second)
  await press(page, signIn.show)
  await page.locator('.strength meter').waitFor()
  await look('new-password')
  await press(page, account.confirm)
  await page.locator('[role=status].note').waitFor()
}
