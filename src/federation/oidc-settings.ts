import { type Static, Type } from 'typebox'

export const clientAuthentications = [
  'client_secret_post',
  'client_secret_basic',
  'private_key_jwt',
  'none',
] as const

/** Of a connection by OpenID Connect. */
export const oidcSettings = Type.Object(
  {
    issuer: Type.String({
      pattern: '^https?://[^?#]+$',
      maxLength: 512,
      description: 'As in its discovery document, such as https://accounts.google.com',
    }),
    scope: Type.String({ minLength: 1, maxLength: 512, description: 'Separated by spaces, with `openid`' }),
    authentication: Type.Enum([...clientAuthentications], {
      description: 'How this server authenticates at the token endpoint',
    }),
  },
  { additionalProperties: false },
)
export type OidcSettings = Static<typeof oidcSettings>
