import { type ConnectionKind, UpstreamFault } from '../../domain/connection.ts'
import { identityOf } from '../profile.ts'
import type { UpstreamFetch } from '../upstream-fetch.ts'
import { claimsOf } from './attributes.ts'
import { requestUrl } from './authn-request.ts'
import { createOwnKey, readOwnKey, rotatedOwnKey } from './own-key.ts'
import { ownMetadata } from './own-metadata.ts'
import { type SamlSettings, samlSettings } from './saml-settings.ts'
import { testSamlConnection } from './test-saml.ts'

const idBytes = 20

/** SAML 2.0 Web Browser SSO (SAML Profiles §4.1): the request by redirect, the response by POST. */
export function createSamlKind(fetch: UpstreamFetch): ConnectionKind {
  return {
    id: 'saml',
    settings: samlSettings,
    test: testSamlConnection,
    async authorize(call, { state, fresh }) {
      const id = `_${call.random.bytes(idBytes).toString('hex')}`
      return { url: await requestUrl(call, { id, state, fresh }), memory: { id } }
    },
    async identify(call, answer, memory) {
      const { connection, secret, callbackUrl, now } = call
      const settings = connection.settings as SamlSettings
      if (answer.saml_response === undefined) throw new UpstreamFault('invalid', 'there is no SAMLResponse')
      const { readResponse } = await import('./read-response.ts')
      const assertion = await readResponse(
        {
          response: answer.saml_response,
          settings,
          privateKeys: readOwnKey(secret)?.privatePems ?? [],
        },
        {
          ...{ issuer: settings.entity_id, audience: connection.clientId, recipient: callbackUrl, now },
          inResponseTo: String(memory.id),
        },
      )
      const { nameId, nameIdFormat, sessionIndex } = assertion
      const id = settings.sign_out ? JSON.stringify({ nameId, nameIdFormat, sessionIndex }) : null
      return {
        // Only one organisation has accounts there.
        ...identityOf(connection, { isDirectory: true }, claimsOf(assertion, settings)),
        tokens: id === null ? null : { access: null, refresh: null, id },
      }
    },
    beginsThere: ({ settings }) => (settings as SamlSettings).idp_initiated === true,
    describeSelf: ownMetadata,
    checkSecret: readOwnKey,
    createSecret: ({ slug }, now) => createOwnKey(slug, now),
    rotateSecret: (secret, given) => rotatedOwnKey(secret, given),
    async readMetadata({ source, now }) {
      const { loadEntity } = await import('./load-entity.ts')
      const { readMetadata } = await import('./metadata.ts')
      const entity = await loadEntity(source, { role: 'IDPSSODescriptor', now }, fetch)
      const { expiresAt, ...settings } = readMetadata(entity)
      const { signedBy } = source
      return {
        settings: {
          ...settings,
          ...('url' in source && { metadata_url: source.url }),
          ...(signedBy !== undefined && { metadata_certificate: signedBy }),
        },
        expiresAt,
      }
    },
    async receive(call, notice) {
      if (!('query' in notice)) return undefined
      const { receiveLogout } = await import('./logout.ts')
      return receiveLogout(call, notice.query)
    },
    unlink: async () => false,
    async signOutUrl(call, { idToken }) {
      if (idToken === null) return undefined
      const { logoutRequestUrl } = await import('./logout.ts')
      return logoutRequestUrl(call, JSON.parse(idToken))
    },
  }
}
