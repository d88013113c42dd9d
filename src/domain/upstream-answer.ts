import { type Static, Type } from 'typebox'

const text = (maxLength: number, description: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength, description }))

/** In base64. */
const samlLengthMax = 350_000

/** What a provider sends to the redirect URI (RFC 6749 §4.1.2), or to the assertion consumer service. */
export const upstreamAnswer = Type.Object({
  state: Type.String({ minLength: 20, maxLength: 256, description: 'As it came back' }),
  code: text(4096, 'RFC 6749 §4.1.2'),
  iss: text(512, 'RFC 9207'),
  user: text(2048, 'Of Apple, at the first sign-in; it is not signed, and only its name is read'),
  saml_response: text(samlLengthMax, 'SAMLResponse (SAML Bindings §3.5)'),
  error: text(128, 'RFC 6749 §4.1.2.1'),
})
export type UpstreamAnswer = Static<typeof upstreamAnswer>
