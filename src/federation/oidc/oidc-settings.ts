import { type Static, Type } from 'typebox'
import { authenticationSettings } from '../client-authentication.ts'
import { leavingSettings } from '../leaving/leaving-settings.ts'
import { memberSettings } from '../member-settings.ts'

/** Of ID tokens. Symmetric ones are never accepted: their key is the client secret. */
export const idTokenAlgorithms = ['RS256', 'PS256', 'ES256', 'ES384', 'ES512', 'EdDSA'] as const

/** Of a connection by OpenID Connect. */
export const oidcSettings = Type.Object(
  {
    issuer: Type.String({
      pattern: '^https?://[^?#]+$',
      maxLength: 512,
      description: 'As in its discovery document, such as https://accounts.google.com',
    }),
    scope: Type.String({ minLength: 1, maxLength: 512, description: 'Separated by spaces, with `openid`' }),
    ...authenticationSettings,
    ...leavingSettings,
    ...memberSettings,
    algorithm: Type.Optional(
      Type.Enum([...idTokenAlgorithms], {
        description: 'The only algorithm that ID tokens may have; by default those of the discovery document',
      }),
    ),
  },
  { additionalProperties: false },
)
export type OidcSettings = Static<typeof oidcSettings>
