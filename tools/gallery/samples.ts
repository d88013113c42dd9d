import type { AccountIdentifier, AccountWithIdentifiers } from '../../src/domain/account.ts'
import type { Credential } from '../../src/domain/credential.ts'
import type { AccountId, CredentialId, SessionId } from '../../src/domain/id.ts'
import type { Locale } from '../../src/domain/locale.ts'
import type { MethodDefinition } from '../../src/domain/method.ts'
import type { Session } from '../../src/domain/session.ts'
import { presets } from '../../src/federation/presets/index.ts'
import { methods } from '../../src/methods/index.ts'
import type { Preview } from '../../src/pages/fields.ts'
import type { UpstreamButton } from '../../src/pages/upstream-pages.ts'

/** Made-up people and things, for pages without a database. */

export const now = Date.UTC(2026, 10, 25, 3, 35)
const day = 86_400_000
const accountId: AccountId = 'acc_01m8nk0d50e7dv5tdwwmeapcq9'
export const address = 'minji.kim@example.com'
const names: Partial<Record<Locale, { site: string; person: string }>> = {
  ko: { site: '종이배', person: '김민지' },
  ja: { site: '紙の舟', person: '山田葵' },
  zh: { site: '纸船', person: '李小雨' },
}
export const siteOf = (locale: Locale): string => names[locale]?.site ?? 'Paper Boats'
export const organisationOf = (locale: Locale): string =>
  ({ ko: '한강전기', ja: '漢江電気', zh: '汉江电气' })[locale as string] ?? 'Hangang Electric'
export const personOf = (locale: Locale): string => names[locale]?.person ?? 'Mina Kim'

export const method = (id: string): MethodDefinition => {
  const found = methods.find((one) => one.id === id)
  if (!found) throw new Error(`there is no method ${id}`)
  return found
}

export const identifier = (given: Partial<AccountIdentifier> = {}): AccountIdentifier => ({
  ...{ accountId, kind: 'email', value: address, display: address },
  ...{ verifiedAt: now - day, suspendedAt: null, createdAt: now - 30 * day },
  ...given,
})

export const account = (locale: Locale): AccountWithIdentifiers => ({
  ...{
    id: accountId,
    kind: 'person',
    state: 'active',
    role: 'member',
    name: personOf(locale),
    locale,
    zone: null,
  },
  ...{ revision: 1, createdAt: now - 30 * day, updatedAt: now - day },
  identifiers: [
    identifier(),
    identifier({ kind: 'phone', value: '+821012345678', display: '+82 10-1234-5678', verifiedAt: null }),
    identifier({ kind: 'username', value: 'minji', display: 'minji', verifiedAt: null }),
  ],
})

export const credential = (kind: string, given: Partial<Credential> = {}): Credential => ({
  ...{ id: 'crd_01m8nk0d50e7dv5tdwwmeapcq9' as CredentialId, accountId, kind, lookup: null, name: null },
  ...{ data: {}, revision: 1, createdAt: now - 3 * day, lastUsedAt: now - 3_600_000, failures: 0 },
  ...{ disabledAt: null, suspendedAt: null },
  ...given,
})

export const session = (given: Partial<Session> = {}): Session => ({
  ...{ id: 'ses_01m8nk0d50e7dv5tdwwmeapcq9' as SessionId, accountId, clientId: 'sumun', scope: 'account' },
  ...{ acr: 'aal1', amr: ['pwd'], authenticatedAt: now, evidence: [], origin: 'sign-in', counter: 0 },
  ...{ refreshedAt: now, usedAt: now - 120_000, device: 'x', status: null, createdAt: now - day },
  userAgent:
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/145.0 Safari/537.36',
  ...{
    source: '203.0.113.7',
    expiresAt: now + day,
    endedAt: null,
    ending: null,
    organisationId: null,
    organisationRoles: null,
  },
  ...given,
})

export const upstreams = (
  locale: Locale,
  wanted = ['kakao', 'naver', 'google', 'line', 'apple'],
): UpstreamButton[] =>
  wanted.flatMap((id, place) => {
    const preset = presets.find((one) => one.id === id)
    if (!preset) return []
    const { names, mark, colours } = preset
    const name = names[locale] ?? names.en
    return [
      { name, mark, colours, preset: id, path: `/signin/with/${id}`, isRecent: place === 0, isHome: false },
    ]
  })

/** Beside the field of a new password. */
export function previewIn(locale: Locale): Preview {
  const password = method('password')
  const rule = password.enrol?.preview?.rule({ settings: { lengthMin: 8 }, locale }) ?? ''
  return { rule, path: '#', name: password.id, known: [] }
}
