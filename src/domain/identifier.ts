import { domainToASCII, domainToUnicode } from 'node:url'
import {
  type CountryCode,
  getCountryCallingCode,
  isSupportedCountry,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/min'
import unhomoglyph from 'unhomoglyph'

export const identifierKinds = ['email', 'username', 'phone'] as const
export type IdentifierKind = (typeof identifierKinds)[number]

/** `value` is what is compared; `skeleton`, of usernames only, is what the eye compares (UTS #39 §4). */
export interface NormalIdentifier {
  kind: IdentifierKind
  value: string
  display: string
  skeleton: string | null
}

export type IdentifierFault =
  | 'malformed'
  | 'too_long'
  | 'forbidden_character'
  | 'needs_a_letter'
  | 'country_unknown'
export type NormalisedIdentifier =
  | { ok: true; identifier: NormalIdentifier }
  | { ok: false; fault: IdentifierFault }

const emailLengthMax = 254 // RFC 5321 §4.5.3.1.3, less the angle brackets
const localPartLengthMax = 64
const usernameLengthMax = 64

// Default-ignorable and control characters make two names look like one.
const invisible = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\p{Cn}\p{Co}\p{Cs}]/u
const usernameShape = /^[\p{L}\p{Nd}][\p{L}\p{M}\p{Nd}._-]*$/u
const localPartShape = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u
// Two Japanese carriers gave out addresses that RFC 5321 §4.1.2 would have quoted: dots in a row, and at the
// end.
const dotsAnywhere = new Set(['docomo.ne.jp', 'ezweb.ne.jp'])
const looseLocalPartShape = /^[\w!#$%&'*+/=?^`{|}~-][\w!#$%&'*+/=?^`{|}~.-]*$/
const singleLabelShape = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/
const hostShape =
  /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+$/

const telephoneUri = /^tel:/i

const fault = (reason: IdentifierFault): NormalisedIdentifier => ({ ok: false, fault: reason })

/**
 * The normal form of what was typed. Never throws. E-mail: NFKC, lower case, the domain as IDNA A-labels;
 * plus and dots stay, since they are the mailbox owner's business. Username: PRECIS UsernameCaseMapped in
 * spirit (RFC 8265 §3.3): NFKC, case folded, letters, digits and `._-`. Phone: E.164; a number without `+` is
 * read in `phoneCountry`, where there is one.
 */
export function normaliseIdentifier(
  kind: IdentifierKind,
  text: string,
  { phoneCountry, localHosts = false }: ReadingRules,
): NormalisedIdentifier {
  switch (kind) {
    case 'email':
      return normaliseEmail(text, localHosts)
    case 'username':
      return normaliseUsername(text)
    case 'phone':
      return normalisePhone(text, phoneCountry)
  }
}

/** `localHosts`: whether an e-mail address may be at a host without a dot, such as `localhost`. */
export interface ReadingRules {
  phoneCountry: string | null
  localHosts?: boolean
}

/**
 * A shadow of an address that another account has: the new account is like any other, but is not found by the
 * address and gets no mail there. No normal form contains a space.
 */
export const shadowOf = (identifier: NormalIdentifier, accountId: string): NormalIdentifier => ({
  ...identifier,
  value: `${accountId} ${identifier.value}`,
})
export const isShadow = ({ value }: Pick<NormalIdentifier, 'value'>): boolean => value.includes(' ')

/**
 * Which kind a sign-in name is, by its looks alone: usernames can hold neither `@` nor `+` and need a letter.
 */
export function identifierKindOf(text: string): IdentifierKind {
  if (text.includes('@') || text.includes('＠')) return 'email'
  if (telephoneUri.test(text.trim())) return 'phone'
  return /\p{L}/u.test(text) ? 'username' : 'phone'
}

function normaliseEmail(text: string, localHosts: boolean): NormalisedIdentifier {
  const folded = text.trim().normalize('NFKC').toLowerCase()
  if (folded.length > emailLengthMax) return fault('too_long')
  if (invisible.test(folded)) return fault('forbidden_character')
  const parts = folded.split('@')
  if (parts.length !== 2) return fault('malformed')
  const [local, domain] = parts as [string, string]
  if (local.length > localPartLengthMax) return fault('too_long')
  const host = domainToASCII(domain)
  const shape = dotsAnywhere.has(host) ? looseLocalPartShape : localPartShape
  const isHost = hostShape.test(host) || (localHosts && singleLabelShape.test(host))
  if (!shape.test(local) || !isHost) return fault('malformed')
  const value = `${local}@${host}`
  return {
    ok: true,
    identifier: { kind: 'email', value, display: `${local}@${domainToUnicode(host)}`, skeleton: null },
  }
}

function normaliseUsername(text: string): NormalisedIdentifier {
  const display = text.trim().normalize('NFKC')
  if (display.length > usernameLengthMax) return fault('too_long')
  if (invisible.test(display)) return fault('forbidden_character')
  const value = foldCase(display)
  if (!usernameShape.test(value)) return fault('forbidden_character')
  if (!/\p{L}/u.test(value)) return fault('needs_a_letter')
  return { ok: true, identifier: { kind: 'username', value, display, skeleton: skeletonOf(display) } }
}

function normalisePhone(text: string, country: string | null): NormalisedIdentifier {
  // Address books put marks of direction around numbers, and links a scheme before them (RFC 3966).
  const trimmed = text
    .normalize('NFKC')
    .replaceAll(/\p{Cf}/gu, '')
    .trim()
    .replace(telephoneUri, '')
    .replace(/;.*$/, '')
  if (trimmed.length > usernameLengthMax) return fault('too_long')
  if (!trimmed.startsWith('+') && country === null) return fault('country_unknown')
  const number = parsePhoneNumberFromString(trimmed, {
    ...(country && { defaultCountry: country as CountryCode }),
    extract: false,
  })
  if (!number?.isPossible()) return fault('malformed')
  return {
    ok: true,
    identifier: { kind: 'phone', value: number.number, display: number.number, skeleton: null },
  }
}

/**
 * Full case folding, near enough: through upper case, so that `ß` and `ẞ` meet `ss` and a final sigma meets
 * the other.
 */
const foldCase = (text: string): string => text.toLowerCase().toUpperCase().toLowerCase().normalize('NFKC')

/** From what is shown, before it is folded: a capital I looks like a small l, and a small i does not. */
const skeletonOf = (display: string): string => foldCase(unhomoglyph(foldCase(unhomoglyph(display))))

/** The prefix of a country's numbers, such as `+82`; null if there is no such country. Pure. */
export const callingCode = (country: string): string | null =>
  isSupportedCountry(country) ? `+${getCountryCallingCode(country)}` : null
