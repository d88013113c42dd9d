import { type Static, Type } from 'typebox'

export const settings = Type.Object({
  origins: Type.String({
    default: '',
    description: 'Further origins whose pages may use passkeys of this server, separated by commas',
  }),
  userVerification: Type.Enum(['preferred', 'required'], {
    default: 'preferred',
    description:
      'Whether user verification (PIN or biometrics) is required; with `preferred`, security keys without it count as one factor',
  }),
  attestation: Type.Enum(['none', 'direct'], {
    default: 'none',
    description: 'Whether authenticators attest their model',
  }),
  authenticators: Type.String({
    default: '',
    description:
      'AAGUIDs of the allowed models, separated by commas; needs `attestation` direct and trust anchors',
  }),
  trustAnchors: Type.String({
    default: '',
    description:
      'Path of a PEM file with the root certificates of authenticator vendors; only attested authenticators are then accepted',
  }),
})

const base64url = (maxLength: number) => Type.String({ pattern: '^[A-Za-z0-9_-]*$', maxLength })
const extensions = Type.Record(Type.String({ maxLength: 64 }), Type.Unknown())
const credential = {
  id: base64url(2048),
  rawId: base64url(2048),
  type: Type.Literal('public-key'),
  authenticatorAttachment: Type.Optional(Type.Union([Type.String({ maxLength: 32 }), Type.Null()])),
  clientExtensionResults: Type.Optional(Type.Union([extensions, Type.Null()])),
}
const clientDataJSON = base64url(8192)

export const data = Type.Object({
  publicKey: Type.String({ description: 'COSE, base64url' }),
  counter: Type.Integer(),
  transports: Type.Array(Type.String()),
  aaguid: Type.String(),
  backupEligible: Type.Boolean(),
  backedUp: Type.Boolean(),
  userVerified: Type.Boolean(),
})
export const state = Type.Object({ challengeHash: Type.String() })
export const answer = Type.Object(
  {
    ...credential,
    response: Type.Object(
      {
        clientDataJSON,
        authenticatorData: base64url(16384),
        signature: base64url(4096),
        userHandle: Type.Optional(Type.Union([base64url(128), Type.Null()])),
      },
      { additionalProperties: true },
    ),
  },
  // Browsers may add members one day (§5.1).
  {
    additionalProperties: true,
    description: 'What `PublicKeyCredential.toJSON()` gives (WebAuthn Level 3 §5.1)',
  },
)
export const enrolAnswer = Type.Object(
  {
    ...credential,
    response: Type.Object(
      {
        clientDataJSON,
        attestationObject: base64url(49152),
        transports: Type.Optional(
          Type.Union([Type.Array(Type.String({ maxLength: 32 }), { maxItems: 16 }), Type.Null()]),
        ),
      },
      { additionalProperties: true },
    ),
  },
  { additionalProperties: true, description: 'What `PublicKeyCredential.toJSON()` gives' },
)

export type Settings = Static<typeof settings>
export type Data = Static<typeof data>
export type State = Static<typeof state>
export type Answer = Static<typeof answer>
export type EnrolAnswer = Static<typeof enrolAnswer>
