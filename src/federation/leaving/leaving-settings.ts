import { type Static, Type } from 'typebox'

/** What a connection does at the provider when its user leaves. */
export const leavingSettings = {
  unlink: Type.Optional(
    Type.Boolean({
      description: 'Unlinking here unlinks at the provider too; its token is kept sealed for that',
    }),
  ),
  sign_out: Type.Optional(
    Type.Boolean({
      description:
        'Signing out on the account page signs out at the provider too (OpenID Connect RP-Initiated Logout)',
    }),
  ),
}
const schema = Type.Object(leavingSettings)
type Settings = Static<typeof schema>

export const leavingOf = ({ settings }: { settings: Record<string, unknown> }): Settings => settings
