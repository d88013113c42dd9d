import { createHmac } from 'node:crypto'
import type { SamlProtocol } from '../../../domain/saml-application.ts'
import type { UpstreamFetch } from '../../upstream-fetch.ts'

/** This server as a SAML identity provider; loaded with its first use. */
export const createSamlProtocol = (fetch: UpstreamFetch): SamlProtocol => ({
  async createSecret(slug, now, names) {
    const { createOwnKey } = await import('../own-key.ts')
    return { key: await createOwnKey(slug, now), names }
  },
  async rotateSecret({ key, names }, rotation) {
    const { rotatedOwnKey } = await import('../own-key.ts')
    return { key: await rotatedOwnKey(key, rotation), names }
  },
  async readServiceProvider(source, now) {
    const { readServiceProvider } = await import('./service-provider.ts')
    return readServiceProvider(source, now, fetch)
  },
  async describe(call) {
    const { describe } = await import('./describe.ts')
    return describe(call)
  },
  async readRequest(call, message) {
    const { readRequest } = await import('./read-request.ts')
    return readRequest(call, message)
  },
  async respond(call, request, answer) {
    const { respond } = await import('./respond.ts')
    return respond(call, request, answer)
  },
  async readLogout(call, message) {
    const { readLogout } = await import('./read-logout.ts')
    return readLogout(call, message)
  },
  async answerLogout(call, logout) {
    const { answerLogout } = await import('./send-logout.ts')
    return answerLogout(call, logout)
  },
  async requestLogout(call, session) {
    const { requestLogout } = await import('./send-logout.ts')
    return requestLogout(call, session)
  },
  // Opaque, and another one for each application (SAML Core §8.3.7).
  persistentName: ({ application, secret }, accountId) =>
    createHmac('sha256', Buffer.from(secret.names, 'base64url'))
      .update(`${application.id} ${accountId}`)
      .digest('base64url'),
})
