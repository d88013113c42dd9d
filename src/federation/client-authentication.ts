import { createPrivateKey } from 'node:crypto'
import { importPKCS8, SignJWT } from 'jose'
import type { ClientAuth } from 'openid-client'
import { type Static, Type } from 'typebox'
import type { ConnectionCall } from '../domain/connection.ts'
import { openidClient } from './openid-client.ts'

const signedSecretSeconds = 300
const algorithms: Readonly<Record<string, string>> = { ec: 'ES256', rsa: 'RS256', ed25519: 'EdDSA' }

/** How this server authenticates at a token endpoint. */
export const authenticationSettings = {
  authentication: Type.Enum(
    ['client_secret_post', 'client_secret_basic', 'private_key_jwt', 'signed_secret', 'none'],
    {
      description:
        'How this server authenticates at the token endpoint; `signed_secret`: a secret signed for each call, as Apple needs',
    },
  ),
  team: Type.Optional(Type.String({ maxLength: 64, description: 'Of `signed_secret`: who signs (Team ID)' })),
  key_id: Type.Optional(Type.String({ maxLength: 64, description: 'Of `signed_secret`: the id of the key' })),
}
const schema = Type.Object(authenticationSettings)
type Settings = Static<typeof schema>

/** The secret is a client secret, or a private key in PEM (PKCS #8). Throws on a key that cannot be read. */
export async function clientAuthentication(call: ConnectionCall, settings: Settings): Promise<ClientAuth> {
  const { secret } = call
  const { ClientSecretBasic, ClientSecretPost, None, PrivateKeyJwt } = await openidClient()
  if (secret === null) return None()
  switch (settings.authentication) {
    case 'none':
      return None()
    case 'client_secret_basic':
      return ClientSecretBasic(secret)
    case 'client_secret_post':
      return ClientSecretPost(secret)
    case 'private_key_jwt': {
      const type = createPrivateKey(secret).asymmetricKeyType ?? ''
      return PrivateKeyJwt(await importPKCS8(secret, algorithms[type] ?? type))
    }
    case 'signed_secret':
      return signedSecret(await importPKCS8(secret, 'ES256'), settings)
  }
}

/** Apple's client secret: a JWT of at most six months, here of five minutes. */
const signedSecret =
  (key: Awaited<ReturnType<typeof importPKCS8>>, { team = '', key_id: kid = '' }: Settings): ClientAuth =>
  async ({ issuer }, { client_id: clientId }, body) => {
    const secret = await new SignJWT({})
      .setProtectedHeader({ alg: 'ES256', kid })
      .setIssuer(team)
      .setSubject(clientId)
      .setAudience(issuer)
      .setIssuedAt()
      .setExpirationTime(`${signedSecretSeconds}s`)
      .sign(key)
    body.set('client_id', clientId)
    body.set('client_secret', secret)
  }
