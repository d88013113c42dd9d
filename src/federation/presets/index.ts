import { activeDirectory } from './active-directory.ts'
import { amazon } from './amazon.ts'
import { apple } from './apple.ts'
import { auth0 } from './auth0.ts'
import { discord } from './discord.ts'
import { facebook } from './facebook.ts'
import { generic } from './generic.ts'
import { genericLdap } from './generic-ldap.ts'
import { genericOAuth2 } from './generic-oauth2.ts'
import { genericSaml } from './generic-saml.ts'
import { github } from './github.ts'
import { gitlab } from './gitlab.ts'
import { google } from './google.ts'
import { kakao } from './kakao.ts'
import { keycloak } from './keycloak.ts'
import { line } from './line.ts'
import { linkedin } from './linkedin.ts'
import { microsoft } from './microsoft.ts'
import { naver } from './naver.ts'
import { okta } from './okta.ts'
import { payco } from './payco.ts'
import type { ProviderPreset, Quirks } from './provider-preset.ts'
import { slack } from './slack.ts'
import { twitch } from './twitch.ts'
import { x } from './x.ts'
import { yahooJapan } from './yahoo-japan.ts'

/** The one list. A preset is its file and its line here. None was tried against the provider itself. */
export const presets: readonly ProviderPreset[] = [
  generic,
  genericOAuth2,
  genericSaml,
  genericLdap,
  activeDirectory,
  kakao,
  naver,
  line,
  google,
  apple,
  microsoft,
  github,
  gitlab,
  facebook,
  x,
  discord,
  slack,
  linkedin,
  okta,
  auth0,
  keycloak,
  yahooJapan,
  payco,
  amazon,
  twitch,
]

export const quirksOf = (id: string): Quirks => presets.find((preset) => preset.id === id)?.quirks ?? {}
