import type { EngineSettings } from './engine/settings.ts'
import type { Settings } from './settings/read.ts'

/** What the engine, and what HTTP, is told of the settings. */
export function engineSettingsOf(
  { server }: Settings,
  given: Pick<EngineSettings, 'issuer' | 'policy' | 'brand'>,
): EngineSettings {
  const { issuer, policy, brand } = given
  return {
    issuer,
    audience: server.audience ?? issuer,
    signUp: server.signup,
    takenAddress: server.takenAddress,
    phoneCountry: server.phoneCountry ?? null,
    localHosts: server.emailHosts === 'any',
    signingAlgorithm: server.tokenAlgorithm,
    signingKeyDays: server.signingKeyDays,
    auditDays: server.auditDays === 0 ? null : server.auditDays,
    accessTokenSeconds: server.accessTokenMinutes * 60,
    sessionDays: server.sessionDays,
    sessionIdleDays: server.sessionIdleDays,
    refreshGraceSeconds: server.refreshGraceSeconds,
    policy,
    siteName: server.siteName,
    brand,
    clientNetwork: server.clientNetwork,
  }
}

export const httpSettingsOf = ({ server }: Settings) => ({
  trustProxy: server.trustProxy,
  corsOrigins: server.corsOrigins
    .split(',')
    .map((origin) => origin.trim())
    .filter((origin) => origin !== '')
    // as browsers write it: no slash at the end, no port that is the scheme's own
    .map((origin) => new URL(origin).origin),
  metricsToken: server.metricsToken ?? null,
})
