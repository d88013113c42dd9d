import type { KoaContextWithOIDC } from 'oidc-provider'
import type { Locale } from '../domain/account.ts'
import type { Engine } from '../engine/engine.ts'
import { type DeviceFault, deviceCodePage, deviceConfirmPage } from '../pages/device-page.ts'
import { pagePolicy, renderPage } from '../pages/layout.ts'
import { askedLocale, localeOf } from '../pages/locale.ts'
import { logoutPage } from '../pages/logout-page.ts'
import { messagePage } from '../pages/message-page.ts'
import type { PageContent } from '../pages/page-content.ts'
import { words } from '../pages/words/index.ts'
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
        const fault = error ? faultOf(error) : out ? 'notFound' : null
        show(ctx, deviceCodePage({ locale: localeFor(ctx), path: providerRoutes.code_verification, xsrf: xsrfOf(ctx), fault }))
      },
      async userCodeConfirmSource(ctx: Ctx, _form: string, client: unknown, _device: unknown, userCode: string) {
        const name = nameOf(client)
        const page = { locale: localeFor(ctx), path: providerRoutes.code_verification, xsrf: xsrfOf(ctx), client: name, userCode }
        show(ctx, deviceConfirmPage(page))
      },
      async successSource(ctx: Ctx) {
        const { doneTitle, done } = words[localeFor(ctx)].device
        show(ctx, messagePage(doneTitle, done))
      },
    },
    logout: {
      async logoutSource(ctx: Ctx) {
        const client = ctx.oidc.client ? nameOf(ctx.oidc.client) : null
        const path = `${providerRoutes.end_session}/confirm`
        show(ctx, logoutPage({ locale: localeFor(ctx), path, xsrf: xsrfOf(ctx), client }))
      },
      async postLogoutSuccessSource(ctx: Ctx) {
        const { doneTitle, done } = words[localeFor(ctx)].logout
        show(ctx, messagePage(doneTitle, done))
      },
    },
    async error(ctx: Ctx, out: { error: string; error_description?: string | undefined }) {
      const { title, text, expiredTitle, expiredText } = words[localeFor(ctx)].errors
      const isLate = out.error === 'invalid_request' && /session|expired/.test(out.error_description ?? '')
      const detail = [out.error, out.error_description].filter(Boolean).join(': ')
      show(ctx, isLate ? messagePage(expiredTitle, expiredText, detail) : messagePage(title, text, detail))
    },
  }
}

export function showOn(
  engine: Engine,
  ctx: Pick<Ctx, 'set' | 'type' | 'body' | 'get' | 'query' | 'path' | 'method'>,
  content: PageContent,
): void {
  const nonce = engine.random.bytes(nonceBytes).toString('base64')
  ctx.set('content-security-policy', pagePolicy(nonce))
  ctx.type = 'html'
  ctx.body = renderPage(content, {
    siteName: engine.settings.siteName,
    brand: engine.settings.brand,
    locale: localeFor(ctx),
    path: ctx.path,
    nonce,
  })
}

/** What the reader chose, or else what the application asked for (OIDC Core §3.1.2.1), or else the browser. */
export function localeFor(ctx: Pick<Ctx, 'get' | 'query'>): Locale {
  return localeOf({ cookie: ctx.get('cookie'), asked: askedLocale(ctx.query.ui_locales), accepted: ctx.get('accept-language') })
}

export const nameOf = (client: unknown): string => {
  const { clientName, clientId } = client as { clientName?: string; clientId: string }
  return clientName ?? clientId
}

const xsrfOf = ({ oidc: { session } }: Ctx): string => (session as unknown as { state: { secret: string } }).state.secret

const faultOf = ({ name }: Error): DeviceFault =>
  (
    ({
      NotFoundError: 'notFound',
      ExpiredError: 'expired',
      AlreadyUsedError: 'used',
      AbortedError: 'refused',
    }) as const
  )[name as 'NotFoundError'] ?? 'notFound'
