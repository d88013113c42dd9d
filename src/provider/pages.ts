import type { KoaContextWithOIDC } from 'oidc-provider'
import type { Locale } from '../domain/account.ts'
import type { Engine } from '../engine/engine.ts'
import { deviceCodePage, deviceConfirmPage } from '../pages/device-page.ts'
import { pagePolicy, renderPage } from '../pages/layout.ts'
import { askedLocale, localeOf } from '../pages/locale.ts'
import { logoutPage } from '../pages/logout-page.ts'
import { messagePage } from '../pages/message-page.ts'
import type { PageContent } from '../pages/page-content.ts'
import { type SignInWords, signInWords } from '../pages/sign-in-words.ts'
import { providerRoutes } from './routes.ts'

const nonceBytes = 16
type Ctx = KoaContextWithOIDC

/** The pages that the library shows by itself, in our words. */
export type ProviderPages = ReturnType<typeof createProviderPages>

export function createProviderPages(engine: Engine) {
  const show = (ctx: Ctx, content: PageContent): void => showOn(engine, ctx, content)
  return {
    device: {
      async userCodeInputSource(ctx: Ctx, _form: string, out?: { error: string }, error?: Error) {
        const fault = error ? faultOf(error) : out ? 'deviceNotFound' : null
        show(ctx, deviceCodePage({ locale: localeFor(ctx), path: providerRoutes.code_verification, xsrf: xsrfOf(ctx), fault }))
      },
      async userCodeConfirmSource(ctx: Ctx, _form: string, client: unknown, _device: unknown, userCode: string) {
        const name = nameOf(client)
        const page = { locale: localeFor(ctx), path: providerRoutes.code_verification, xsrf: xsrfOf(ctx), client: name, userCode }
        show(ctx, deviceConfirmPage(page))
      },
      async successSource(ctx: Ctx) {
        const words = signInWords[localeFor(ctx)]
        show(ctx, messagePage(words.deviceDoneTitle, words.deviceDone))
      },
    },
    logout: {
      async logoutSource(ctx: Ctx) {
        const client = ctx.oidc.client ? nameOf(ctx.oidc.client) : null
        const path = `${providerRoutes.end_session}/confirm`
        show(ctx, logoutPage({ locale: localeFor(ctx), path, xsrf: xsrfOf(ctx), client }))
      },
      async postLogoutSuccessSource(ctx: Ctx) {
        const words = signInWords[localeFor(ctx)]
        show(ctx, messagePage(words.loggedOutTitle, words.loggedOut))
      },
    },
    async error(ctx: Ctx, out: { error: string; error_description?: string | undefined }) {
      const words = signInWords[localeFor(ctx)]
      const isLate = out.error === 'invalid_request' && /session|expired/.test(out.error_description ?? '')
      const detail = [out.error, out.error_description].filter(Boolean).join(': ')
      show(
        ctx,
        isLate ? messagePage(words.expiredTitle, words.expiredText, detail) : messagePage(words.errorTitle, words.errorText, detail),
      )
    },
  }
}

export function showOn(
  engine: Engine,
  ctx: Pick<Ctx, 'set' | 'type' | 'body' | 'get' | 'query'>,
  { title, body, onward }: PageContent,
): void {
  const nonce = engine.random.bytes(nonceBytes).toString('base64')
  ctx.set('content-security-policy', pagePolicy(nonce, false))
  ctx.type = 'html'
  ctx.body = renderPage({ title, body, onward, nonce, locale: localeFor(ctx) })
}

/** What the application asked for (OIDC Core §3.1.2.1), or else the browser. */
export function localeFor(ctx: Pick<Ctx, 'get' | 'query'>): Locale {
  return askedLocale(ctx.query.ui_locales) ?? localeOf(ctx.get('accept-language'))
}

export const nameOf = (client: unknown): string => {
  const { clientName, clientId } = client as { clientName?: string; clientId: string }
  return clientName ?? clientId
}

const xsrfOf = ({ oidc: { session } }: Ctx): string => (session as unknown as { state: { secret: string } }).state.secret

const faultOf = ({ name }: Error): keyof SignInWords =>
  (
    ({
      NotFoundError: 'deviceNotFound',
      ExpiredError: 'deviceExpired',
      AlreadyUsedError: 'deviceUsed',
      AbortedError: 'deviceRefused',
    }) as const
  )[name as 'NotFoundError'] ?? 'deviceNotFound'
