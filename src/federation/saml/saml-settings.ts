import { type Static, Type } from 'typebox'
import { certificatePattern } from '../../domain/metadata-source.ts'
import { memberSettings } from '../member-settings.ts'

const url = (description: string) =>
  Type.String({ pattern: '^https?://[^#\\s]+$', maxLength: 1024, description })
const attribute = (description: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength: 256, description }))

const certificate = Type.String({ pattern: certificatePattern })

/** Of a connection by SAML 2.0; `metadata` fills in what identifies the identity provider. */
export const samlSettings = Type.Object(
  {
    entity_id: Type.String({
      pattern: '^[^\\s]+$',
      maxLength: 1024,
      description: 'Of the identity provider, as in its metadata',
    }),
    sign_in_url: url('Where the browser is sent (HTTP-Redirect)'),
    sign_out_url: Type.Optional(url('Where it signs out (HTTP-Redirect)')),
    sign_out_response_url: Type.Optional(url('Where it takes answers to its sign-outs, if elsewhere')),
    certificates: Type.Array(certificate, {
      minItems: 1,
      maxItems: 10,
      description: 'Signing certificates of the identity provider: DER in base64',
    }),
    sign_out: Type.Optional(
      Type.Boolean({ description: 'Signing out on the account page signs out at the provider too' }),
    ),
    sign_requests: Type.Optional(
      Type.Boolean({ description: 'Whether requests are signed; false by default' }),
    ),
    encryption: Type.Optional(
      Type.Enum(['gcm', 'cbc'], {
        description: 'What encrypted assertions may use; `cbc` allows the older AES-CBC as well',
      }),
    ),
    metadata_url: Type.Optional(url('Where its metadata is; `connection refresh` reads it anew')),
    metadata_certificate: Type.Optional(
      Type.Unsafe<string>({
        ...certificate,
        description: 'By which its metadata must be signed, such as that of a federation: DER in base64',
      }),
    ),
    idp_initiated: Type.Optional(
      Type.Boolean({
        description:
          'Whether a sign-in may begin at the identity provider; its response is then asked for once more',
      }),
    ),
    sha1: Type.Optional(
      Type.Boolean({ description: 'Accepts SHA-1 signatures, which can be forged; for old systems only' }),
    ),
    subject: attribute('The attribute that identifies the user, in place of NameID'),
    email: attribute('The attribute with the address; usual names by default'),
    name: attribute('The attribute with the name; usual names by default'),
    ...memberSettings,
  },
  { additionalProperties: false },
)
export type SamlSettings = Static<typeof samlSettings>
