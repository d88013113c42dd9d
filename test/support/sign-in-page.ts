import type { Page } from 'playwright-core'

/** Somebody at the sign-in page of a real browser, which an application has led them to. */
export async function signInAtPage(page: Page, user: { email: string; password: string }): Promise<void> {
  await page.fill('#username', user.email)
  await page.click('main form button:not([type=button])')
  await page.fill('input[type=password]', user.password)
  await page.click('main form button:not([type=button])')
}
