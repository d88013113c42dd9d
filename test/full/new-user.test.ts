import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Secret, TOTP } from 'otpauth'
import { addAuthenticator } from '../support/authenticator.ts'
import { openBrowser, skipWithoutChromium } from '../support/chromium.ts'
import { server } from '../support/fixture.ts'
import { messageTo } from '../support/messages.ts'
import { inspect } from '../support/page-check.ts'

const email = 'minji@example.com'
const passwords = { first: '노을 진 항구의 구리 등불', second: '새벽 안개 속 붉은 우체통' }

test('a new user signs up, adds a passkey and an app, loses the password and recovers, in Korean on a phone', {
  skip: skipWithoutChromium,
  timeout: 120_000,
}, async (t) => {
  const app = await server(t, { settings: { SUMUN_HOST: 'localhost', SUMUN_SITE_NAME: '종이배' } })
  const folder = app.environment.SUMUN_DATA as string
  const context = await (await openBrowser(t)).newContext({
    locale: 'ko-KR',
    viewport: { width: 360, height: 780 },
  })
  const page = await context.newPage()
  const faults: string[] = []
  page.on(
    'console',
    (message) => message.type() === 'error' && !message.text().includes('422') && faults.push(message.text()),
  )
  page.on('pageerror', (error) => faults.push(String(error)))
  const authenticator = await addAuthenticator(page)

  await page.goto(`${app.url}/account`)
  await inspect(page, 'new-user-01-sign-in')
  await page.getByRole('link', { name: '계정 만들기' }).click()
  await page.getByLabel('이메일 주소').fill(email)
  await page.getByRole('button', { name: '계속' }).click()
  await page.getByText('이름 (선택)').click()
  await page.getByLabel('이름', { exact: true }).fill('김민지')
  await page.getByLabel('비밀번호').fill('password')
  await page.getByRole('button', { name: '계정 만들기' }).click()
  await inspect(page, 'new-user-02-weak-password')
  await page.getByText(email).waitFor()
  assert.equal(await page.getByLabel('이름', { exact: true }).inputValue(), '김민지')
  await page.getByLabel('비밀번호').fill(passwords.first)
  await page.getByRole('button', { name: '계정 만들기' }).click()
  await page.getByText('환영합니다').waitFor()
  await inspect(page, 'new-user-03-verify-address')
  await page.getByLabel('인증번호').fill((await messageTo(folder, email)).code as string)
  await page.getByRole('button', { name: '확인' }).click()
  await page.getByText('확인했습니다', { exact: false }).first().waitFor()
  await inspect(page, 'new-user-04-my-account')

  await page.getByRole('button', { name: '패스키 추가' }).first().click()
  await inspect(page, 'new-user-05-passkey')
  await page.getByRole('button', { name: '확인' }).click()
  await page
    .getByRole('status')
    .filter({ hasText: /했습니다/ })
    .waitFor()

  await page.getByRole('button', { name: '인증 앱 추가' }).first().click()
  await inspect(page, 'new-user-06-authenticator-app')
  const secret = (await page.locator('.secret').textContent()) as string
  await page.reload()
  assert.equal(
    await page.locator('.secret').textContent(),
    secret,
    'loading the page again shows the same secret',
  )
  const totp = new TOTP({ secret: Secret.fromBase32(secret) })
  await page.getByLabel('6자리 코드').fill('000000')
  await page.getByRole('button', { name: '확인' }).click()
  await inspect(page, 'new-user-07-wrong-code')
  await page.getByLabel('6자리 코드').fill(totp.generate({ timestamp: app.clock.now() }))
  await page.getByRole('button', { name: '확인' }).click()
  await page
    .getByRole('status')
    .filter({ hasText: /했습니다/ })
    .waitFor()

  await page.getByRole('button', { name: '복구 코드 추가' }).first().click()
  await inspect(page, 'new-user-08-recovery-codes')
  const codes = await page.locator('#codes li').allTextContents()
  assert.equal(codes.length, 10)
  await page.getByRole('button', { name: '안전한 곳에 저장했습니다' }).click()
  await page
    .getByRole('status')
    .filter({ hasText: /했습니다/ })
    .waitFor()
  await inspect(page, 'new-user-09-everything-set-up')
  await authenticator.touch(false)
  await page.getByRole('button', { name: '로그아웃', exact: true }).first().click()

  // The phone is lost, and the password forgotten.
  await page.getByRole('link', { name: '로그인에 문제가 있나요?' }).click()
  await inspect(page, 'new-user-10-recover')
  await page.getByLabel('이메일 주소, 사용자 이름 또는 전화번호').fill(email)
  await page.getByRole('button', { name: '계속' }).click()
  await inspect(page, 'new-user-11-recover-ways')
  await page.getByRole('button', { name: '보내기' }).click()
  await inspect(page, 'new-user-12-code-sent')
  const { code } = await messageTo(folder, email, ({ text }) => text.includes('로그인'))
  await page.getByLabel('인증번호').fill(code as string)
  await page.getByRole('button', { name: '계속' }).click()
  await inspect(page, 'new-user-13-one-more-step')
  await page.getByText('왜 추가 인증이 필요한가요?').click()
  await inspect(page, 'new-user-14-why')
  await page.getByText('다른 방법으로 로그인').click()
  await page.getByRole('button', { name: '복구 코드' }).click()
  await page.getByLabel('복구 코드 (10개 중 하나)').fill(codes[0] as string)
  await page.getByRole('button', { name: '계속' }).click()
  await page.getByText('계정을 복구했습니다').waitFor()
  await inspect(page, 'new-user-15-back-in')
  await page.getByLabel('비밀번호').fill(passwords.second)
  await page.getByRole('button', { name: '표시' }).click()
  await inspect(page, 'new-user-16-new-password')
  await page.getByRole('button', { name: '확인' }).click()
  await page
    .getByRole('status')
    .filter({ hasText: /했습니다/ })
    .waitFor()
  await page.getByRole('button', { name: '로그아웃', exact: true }).first().click()

  // A passkey needs no name: the browser offers it by autofill.
  await page.getByRole('heading', { name: '로그인', exact: true }).waitFor()
  await authenticator.touch(true)
  await page.reload()
  await page.getByRole('heading', { name: '내 계정' }).waitFor()
  assert.deepEqual(faults, [])
})
