import type { Page } from 'playwright-core'

/** A browser to which a passkey was offered before: it goes straight on. */
export const declineOffer = (page: Page): Promise<void> =>
  page.context().addCookies([{ name: 'sumun_offered', value: '1', url: new URL(page.url()).origin }])

/** The sign-in page in a real browser, reached from an application. */
export async function signInAtPage(page: Page, user: { email: string; password: string }): Promise<void> {
  await declineOffer(page)
  await page.fill('#username', user.email)
  await page.click('main form button:not([type=button])')
  await page.fill('input[type=password]', user.password)
  await page.click('main form button:not([type=button])')
}
