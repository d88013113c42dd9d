import type { KoaContextWithOIDC } from 'oidc-provider'
import type { Locale } from '../domain/locale.ts'
import { siteOf } from '../domain/site.ts'
import type { Engine } from '../engine/engine.ts'
import { type DeviceFault, deviceCodePage } from '../pages/device-page.ts'
import { pagePolicy, renderPage } from '../pages/layout.ts'
import { logoutPage } from '../pages/logout-page.ts'
import { dismissPage, messagePage } from '../pages/message-page.ts'
import type { PageContent } from '../pages/page-content.ts'
import { askedLocale, localeOf } from '../words/locale.ts'
import { words } from '../words/pages.ts'
import { providerRoutes } from './routes.ts'

const nonceBytes = 16
type Ctx = KoaContextWithOIDC

/** The library's own pages, in our design and languages. */
export type ProviderPages = ReturnType<typeof createProviderPages>

export function createProviderPages(engine: Engine) {
  const show = (ctx: Ctx, content: PageContent): void => showOn(engine, ctx, content)
  const showCode = (ctx: Ctx, { code, fault }: { code: string; fault: DeviceFault | null }): void =>
    show(
      ctx,
      deviceCodePage({
        locale: localeFor(ctx),
        path: providerRoutes.code_verification,
        xsrf: xsrfOf(ctx),
        code,
        fault,
      }),
    )
  return {
    device: {
      async userCodeInputSource(ctx: Ctx, _form: string, out?: { error: string }, error?: Error) {
        const fault = error ? deviceFault(error) : out ? 'notFound' : null
        showCode(ctx, { code: '', fault })
      },
      // The hidden field is missing: show the page again.
      async userCodeConfirmSource(
        ctx: Ctx,
        _form: string,
        _client: unknown,
        _device: unknown,
        userCode: string,
      ) {
        showCode(ctx, { code: userCode, fault: null })
      },
      async successSource(ctx: Ctx) {
        const { doneTitle, done } = words[localeFor(ctx)].device
        show(ctx, messagePage(doneTitle, done))
      },
    },
    logout: {
      async logoutSource(ctx: Ctx) {
        show(ctx, logoutFor(ctx))
      },
      async postLogoutSuccessSource(ctx: Ctx) {
        const { logout, signIn } = words[localeFor(ctx)]
        show(
          ctx,
          dismissPage({ title: logout.doneTitle, text: logout.done, label: signIn.title, url: '/signin' }),
        )
      },
    },
    /** Replaces the library's self-submitting form. */
    async instead(ctx: Ctx) {
      const { route, params } = ctx.oidc
      if (route === 'code_verification') showCode(ctx, { code: String(params?.user_code ?? ''), fault: null })
      if (route === 'end_session') show(ctx, logoutFor(ctx))
    },
    async error(ctx: Ctx, out: { error: string; error_description?: string | undefined }) {
      const { errors, site } = words[localeFor(ctx)]
      const isLate = out.error === 'invalid_request' && /session|expired/.test(out.error_description ?? '')
      const detail = [out.error, out.error_description].filter(Boolean).join(': ')
      const said = isLate
        ? { title: errors.expiredTitle, text: errors.expiredText }
        : { title: errors.title, text: errors.text }
      show(ctx, dismissPage({ ...said, detail, label: site.account, url: '/account' }))
    },
  }
}

/** `formsTo`: another origin that a form of the page may be sent to. */
export function showOn(
  engine: Engine,
  ctx: Pick<Ctx, 'set' | 'type' | 'body' | 'get' | 'query' | 'path' | 'method'>,
  content: PageContent,
  formsTo?: string,
): void {
  const nonce = engine.random.bytes(nonceBytes).toString('base64')
  ctx.set('content-security-policy', pagePolicy(nonce, formsTo))
  ctx.type = 'html'
  ctx.body = renderPage(content, {
    siteName: engine.settings.siteName,
    brand: engine.settings.brand,
    locale: localeFor(ctx),
    path: ctx.path,
    base: siteOf(engine.settings.issuer).base,
    // These pages show no times.
    ...{ zone: null, zoneCookie: '' },
    nonce,
  })
}

/** The reader's choice, else `ui_locales` (OIDC Core §3.1.2.1), else `Accept-Language`. */
export function localeFor(ctx: Pick<Ctx, 'get' | 'query'>): Locale {
  return localeOf({
    cookie: ctx.get('cookie'),
    asked: askedLocale(ctx.query.ui_locales),
    accepted: ctx.get('accept-language'),
  })
}

export const clientNameOf = (client: unknown): string => {
  const { clientName, clientId } = client as { clientName?: string; clientId: string }
  return clientName ?? clientId
}

function logoutFor(ctx: Ctx): PageContent {
  const client = ctx.oidc.client ? clientNameOf(ctx.oidc.client) : null
  return logoutPage({
    locale: localeFor(ctx),
    path: `${providerRoutes.end_session}/confirm`,
    xsrf: xsrfOf(ctx),
    client,
  })
}

const xsrfOf = ({ oidc: { session } }: Ctx): string =>
  (session as unknown as { state: { secret: string } }).state.secret

const deviceFault = ({ name }: Error): DeviceFault =>
  (
    ({
      NotFoundError: 'notFound',
      ExpiredError: 'expired',
      AlreadyUsedError: 'used',
      AbortedError: 'refused',
    }) as const
  )[name as 'NotFoundError'] ?? 'notFound'
