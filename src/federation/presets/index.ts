import { auth0 } from './auth0.ts'
import { generic } from './generic.ts'
import { gitlab } from './gitlab.ts'
import { google } from './google.ts'
import { kakao } from './kakao.ts'
import { keycloak } from './keycloak.ts'
import { line } from './line.ts'
import { naver } from './naver.ts'
import { okta } from './okta.ts'
import type { ProviderPreset, Quirks } from './provider-preset.ts'

/** The one list. A preset is its file and its line here. None was tried against the provider itself. */
export const presets: readonly ProviderPreset[] = [
  generic,
  kakao,
  naver,
  line,
  google,
  gitlab,
  okta,
  auth0,
  keycloak,
]

export const quirksOf = (id: string): Quirks => presets.find((preset) => preset.id === id)?.quirks ?? {}
