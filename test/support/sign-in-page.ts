import type { Page } from 'playwright-core'

/** The sign-in page in a real browser, reached from an application. */
export async function signInAtPage(page: Page, user: { email: string; password: string }): Promise<void> {
  await page.fill('#username', user.email)
  await page.click('main form button:not([type=button])')
  await page.fill('input[type=password]', user.password)
  await page.click('main form button:not([type=button])')
}
