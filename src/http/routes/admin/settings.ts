import { operator } from '../../caller/guards.ts'
import type { HttpContext } from '../../context.ts'
import { anything } from '../../schema/schemas.ts'
import { route } from '../../server/route.ts'

/** How this server is set. */
export function adminSettingsRoutes(context: HttpContext): void {
  const { settings, methods } = context.engine
  route(context, 'GET /v1/admin/settings', {
    operationId: 'getSettings',
    tag: 'admin',
    summary: 'How this server is set; never a secret',
    description:
      'Settings come from the file, the environment and flags; a running server does not change them.',
    guard: operator('reads'),
    reply: anything,
    handler: () => ({
      issuer: settings.issuer,
      audience: settings.audience,
      sign_up: settings.signUp,
      site_name: settings.siteName,
      signing_algorithm: settings.signingAlgorithm,
      signing_key_days: settings.signingKeyDays,
      access_token_seconds: settings.accessTokenSeconds,
      session_days: settings.sessionDays,
      session_idle_days: settings.sessionIdleDays,
      refresh_grace_seconds: settings.refreshGraceSeconds,
      client_network: settings.clientNetwork,
      methods: methods.list.map(({ id }) => id),
      policy: settings.policy,
    }),
  })
}
