import { type Static, Type } from 'typebox'
import { authenticationSettings } from '../client-authentication.ts'
import { leavingSettings } from '../leaving/leaving-settings.ts'
import { memberSettings } from '../member-settings.ts'

const url = (description: string) => Type.String({ pattern: '^https?://[^#]+$', maxLength: 512, description })
const pointer = (description: string) =>
  Type.String({ pattern: '^(/[^/]+)+$', maxLength: 128, description: `${description} (RFC 6901)` })

/** Of a connection by OAuth 2.0, for providers without OpenID Connect. */
export const oauth2Settings = Type.Object(
  {
    issuer: url('Identifies the provider; subjects are unique within it'),
    authorization_endpoint: url('Where the browser is sent'),
    token_endpoint: url('Where codes are exchanged'),
    profile_endpoint: url('Where the profile of the user is read with the access token'),
    revocation_endpoint: Type.Optional(url('Where a token is revoked (RFC 7009)')),
    scope: Type.String({ maxLength: 512, description: 'Separated by spaces' }),
    subject: pointer('Where the profile has the id of the user'),
    email: Type.Optional(pointer('Where it has the e-mail address')),
    email_verified: Type.Optional(pointer('Where it says that the address is verified')),
    name: Type.Optional(pointer('Where it has the name')),
    ...authenticationSettings,
    unlink: leavingSettings.unlink,
    ...memberSettings,
  },
  { additionalProperties: false },
)
export type OAuth2Settings = Static<typeof oauth2Settings>
