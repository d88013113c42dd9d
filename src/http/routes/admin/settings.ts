import { operator } from '../../caller/guards.ts'
import type { HttpContext } from '../../context.ts'
import { anything } from '../../schema/schemas.ts'
import { route } from '../../server/route.ts'

/** The server's settings. */
export function adminSettingsRoutes(context: HttpContext): void {
  const { settings, methods } = context.engine
  route(context, 'GET /v1/admin/settings', {
    operationId: 'getSettings',
    tag: 'admin',
    summary: 'The server’s settings, without secrets',
    description:
      'Settings come from the configuration file, the environment and flags, and cannot be changed at run time.',
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
