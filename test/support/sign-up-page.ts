import type { Page } from 'playwright-core'
import type { PageBrowser, Page as PlainPage } from './page-browser.ts'

/** Both steps of the sign-up page in a real browser. */
export async function signUpAtPage(page: Page, user: { email: string; password: string }): Promise<void> {
  await page.fill('#email', user.email)
  await page.click('main form button:not([type=button])')
  await page.fill('#password', user.password)
  await page.click('form:has(#password) button:not([type=button])')
}

/** The same without script. */
export async function signUpPlainly(
  browser: PageBrowser,
  page: PlainPage,
  { email, username, ...how }: { email?: string; username?: string; password: string; name?: string },
): Promise<PlainPage> {
  const who = { ...(email !== undefined && { email }), ...(username !== undefined && { username }) }
  return browser.submit(await browser.submit(page, who), how)
}
