import type { IdentifierFault, IdentifierKind } from '../domain/identifier.ts'
import type { ProblemCode } from '../domain/problem.ts'
import type { pages } from './en/pages.ts'

/** All that is said in one language: its folder. */
export interface Language {
  /** Empty in English, which each method has in its own folder. */
  methods: MethodTranslations
  pages: PageWords
  notices: NoticeWords
  identifiers: IdentifierWords
  problems: ProblemWords
  verification: VerificationWords
  recoveryMail: RecoveryMailWords
  organisationMails: OrganisationMailWords
}

/** ICU messages. */
export type PageWords = {
  readonly [Part in keyof typeof pages]: { readonly [Message in keyof (typeof pages)[Part]]: string }
}

export const noticeKinds = [
  'new_device',
  'credential_added',
  'credential_changed',
  'credential_removed',
  'credential_disabled',
  'suspected_copy',
  'recovered',
  'identifier_changed',
  'identifier_added',
  'identifier_restored',
  'saved_code_used',
  'account_deleted',
  'sign_up_tried',
  'refresh_reused',
] as const
export type NoticeKind = (typeof noticeKinds)[number]

/** `{method}` is the method's own name. */
export type NoticeWords = Record<NoticeKind, { subject: string; text: string }> &
  Record<'details' | 'advice' | 'contact' | 'undo' | 'signIn', string>

export type NamedFault = IdentifierFault | 'one_required' | 'taken'
export interface IdentifierWords {
  kinds: Record<IdentifierKind, string>
  faults: Record<NamedFault, (kind: string) => string>
}

export type ProblemWords = Readonly<Record<ProblemCode, { title: string; detail: string }>>

/** By the method's id, then as in `methods/<id>/words.ts`. */
export type MethodTranslations = Readonly<Record<string, Readonly<Record<string, string>>>>

/** ICU messages. */
export type OrganisationMailWords = Record<
  | 'invited'
  | 'invitedText'
  | 'invitedAdvice'
  | 'join'
  | 'domainLost'
  | 'domainLostText'
  | 'secretExpires'
  | 'secretExpiresText'
  | 'open',
  string
>

export type VerificationWords = Record<'subject' | 'text' | 'advice', string>
export type RecoveryMailWords = Record<'subject' | 'text' | 'advice', string>
