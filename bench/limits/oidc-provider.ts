import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Provider } from 'oidc-provider'

// The library alone, in memory: the upper limit. Prints its URL; ends with SIGTERM.
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const secret = 'bench-secret-bench-secret-bench-secret'
const provider = new Provider('http://127.0.0.1', {
  jwks: {
    keys: [{ ...privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig', kid: 'one' }],
  } as never,
  cookies: { keys: ['bench-cookies'] },
  findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  /** No consent is asked, as for a first-party client. */
  async loadExistingGrant({ oidc }) {
    const known = oidc.session?.grantIdFor(oidc.client?.clientId as string)
    if (known) return provider.Grant.find(known)
    const grant = new provider.Grant({
      accountId: oidc.session?.accountId as string,
      clientId: oidc.client?.clientId as string,
    })
    grant.addOIDCScope('openid')
    await grant.save()
    return grant
  },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: async () => ({
        scope: 'read',
        audience: 'https://api.example/',
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: 'ES256' } },
      }),
    },
  },
  clients: [
    {
      client_id: 'bench',
      client_secret: secret,
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
      id_token_signed_response_alg: 'ES256',
    },
    {
      client_id: 'flow',
      client_secret: secret,
      grant_types: ['authorization_code'],
      redirect_uris: ['https://app.example/callback'],
      response_types: ['code'],
      id_token_signed_response_alg: 'ES256',
    },
  ],
})
const answer = provider.callback()
const http = createServer(async (request, response) => {
  // Every login prompt signs in at once.
  if (request.url?.startsWith('/interaction/'))
    return provider.interactionFinished(request, response, { login: { accountId: 'user' } })
  return answer(request, response)
}).listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({ url: `http://127.0.0.1:${(http.address() as AddressInfo).port}` }))
})
process.on('SIGTERM', () => process.exit(0))
