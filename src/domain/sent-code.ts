import { type Static, Type } from 'typebox'
import type { AccountIdentifier } from './account.ts'
import { type Claims, claiming } from './evidence.ts'
import { isShadow } from './identifier.ts'
import type { Locale } from './locale.ts'
import type { Message } from './message.ts'
import type {
  ChallengeStart,
  FormField,
  MethodAccount,
  MethodContext,
  MethodDefinition,
  Offer,
  Proof,
  Words,
} from './method.ts'
import { codeDigits, codePattern, codeSecondsMax, codeTries, plainCode } from './one-time-code.ts'

/** Shared by methods that send a code: the address, the sealed state, the answer. */
export interface Reach {
  kind: 'email' | 'phone'
  channel: Message['channel']
  /** Whether only an address that was verified gets one. */
  verifiedOnly: boolean
  mask(value: string): string
  words: Words
}

const sentCodeState = Type.Object({ codeHash: Type.String(), to: Type.String() })
type SentCodeState = Static<typeof sentCodeState>
const sentCodeAnswer = Type.Object(
  { code: Type.String({ pattern: codePattern, examples: ['123456'] }) },
  { additionalProperties: false },
)
type SentCodeAnswer = Static<typeof sentCodeAnswer>
export const sentCodeForm: readonly FormField[] = [
  { name: 'code', type: 'code', autocomplete: 'one-time-code', label: 'code' },
]

type Context = MethodContext<unknown, unknown>

const identifierOf = (
  account: MethodAccount | undefined,
  { kind, verifiedOnly }: Reach,
): AccountIdentifier | undefined =>
  account?.identifiers.find(
    (identifier) => identifier.kind === kind && (!verifiedOnly || identifier.verifiedAt !== null),
  )

/** Offered to accounts that have such an address. Pure. */
export const offerSentCode = (account: MethodAccount, reach: Reach, claims: Claims): Offer | undefined =>
  identifierOf(account, reach) ? { claims, identifier: reach.kind } : undefined

/**
 * A new code, and the message that carries it where there is an address. An anonymous user sees what they
 * typed, whether or not an account has it.
 */
export function beginSentCode(
  ctx: Context,
  reach: Reach,
  link?: Message['link'],
): ChallengeStart<SentCodeState> {
  const { account, knowsAccount, hint, random, secrets, limits, ownerLocale, siteName, isRecovery } = ctx
  const identifier = identifierOf(account, reach)
  const code = random.digits(codeDigits)
  const expiresInSeconds = Math.min(codeSecondsMax, limits.codeSecondsMax)
  const shown = knowsAccount ? identifier?.display : hint?.kind === reach.kind ? hint.value : undefined
  const isReachable = identifier !== undefined && !isShadow(identifier)
  const message =
    isReachable &&
    codeMessage(reach, {
      ...{ to: identifier.value, locale: ownerLocale, siteName, isRecovery, code, expiresInSeconds, link },
    })
  return {
    challenge: { sent_to: shown ? reach.mask(shown) : '***', expires_in: expiresInSeconds },
    state: { codeHash: secrets.hash(code), to: identifier?.value ?? '' },
    expiresInSeconds,
    tries: codeTries,
    ...(message && { send: message }),
  }
}

/** What is sent. Pure. */
export function codeMessage(
  { channel, words }: Pick<Reach, 'channel' | 'words'>,
  given: {
    to: string
    locale: Locale
    siteName: string
    isRecovery: boolean
    code: string
    expiresInSeconds: number
    link?: Message['link']
  },
): Message {
  const { to, locale, siteName, isRecovery, code, expiresInSeconds, link } = given
  const own = words[locale]
  const subject = (isRecovery && own.recover_subject) || own.subject || ''
  const text = (isRecovery && own.recover_text) || own.text || ''
  const minutes = String(Math.ceil(expiresInSeconds / 60))
  return {
    ...{ channel, to, locale, code, subject: subject.replace('{site}', siteName) },
    paragraphs: [text.replace('{minutes}', minutes), own.advice ?? ''],
    ...(link && { link }),
  }
}

/** The address it went to must still be the account's: a code for one that was changed proves nothing. */
export function proveSentCode<Data>(
  { account }: Pick<Context, 'account'>,
  { fits, to, reach, claims }: { fits: boolean; to: string; reach: Reach; claims: Claims },
): Proof<Data> {
  const identifier = account?.identifiers.find(({ kind, value }) => kind === reach.kind && value === to)
  if (!fits || !identifier) return { outcome: 'refused', reason: identifier ? 'wrong' : 'no_identifier' }
  return { outcome: 'proved', by: { identifier }, claims }
}

export const fitsCode = ({ secrets }: Pick<Context, 'secrets'>, code: string, codeHash: string): boolean =>
  secrets.matches(plainCode(code), codeHash)

/** A method whose only proof is such a code. */
export function sentCodeMethod({
  id,
  amr,
  reach,
}: {
  id: string
  amr: string
  reach: Reach
}): MethodDefinition<Record<string, never>, Record<string, never>, SentCodeState, SentCodeAnswer> {
  const claims = claiming({ amr: [amr], factors: ['possession'], standsAlone: true })
  return {
    id,
    canClaim: claims,
    offered: true,
    sends: reach.channel,
    settings: Type.Object({}),
    data: Type.Object({}),
    state: sentCodeState,
    answer: sentCodeAnswer,
    form: sentCodeForm,
    words: reach.words,
    offer: ({ account }) => offerSentCode(account, reach, claims),
    begin: async (ctx) => beginSentCode(ctx, reach),
    prove: async (ctx, { codeHash, to }, { code }) =>
      proveSentCode(ctx, { fits: fitsCode(ctx, code, codeHash), to, reach, claims }),
  }
}
