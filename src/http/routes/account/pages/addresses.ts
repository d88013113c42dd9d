import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import { callingCode } from '../../../../domain/identifier.ts'
import { codePattern } from '../../../../domain/one-time-code.ts'
import {
  beginIdentifierChange,
  changeKey,
  finishIdentifierChange,
  reachableKinds,
  removeIdentifier,
} from '../../../../engine/accounts/change-identifier.ts'
import { readingRules } from '../../../../engine/accounts/reading-rules.ts'
import { lookAtChallenge } from '../../../../engine/tickets/challenge.ts'
import { type AddressPage, addressPage } from '../../../../pages/account/address-page.ts'
import { keptInvitation } from '../../../caller/invitation-cookie.ts'
import type { HttpContext } from '../../../context.ts'
import { joinPath } from '../../../page/destination.ts'
import { faultQuery } from '../../../page/page-fault.ts'
import { resendWait } from '../../../page/resend-wait.ts'
import { saidQuery, saying } from '../../../page/said.ts'
import { showPage } from '../../../page/show-page.ts'
import { createSignedInPages, type RefusedCall, type SignedIn } from '../../../page/signed-in-pages.ts'

const operation = 'identifiers'
const query = Type.Object({ ...faultQuery, ...saidQuery, another: Type.Optional(Type.Literal('yes')) })
const wanted = Type.Object(
  { value: Type.String({ minLength: 1, maxLength: 254 }) },
  { additionalProperties: false },
)
const confirmation = Type.Object(
  { code: Type.String({ pattern: codePattern }) },
  { additionalProperties: false },
)

/** The e-mail address and phone number of the account. */
export function addressPageRoutes(context: HttpContext): void {
  const { engine } = context
  const { page, form } = createSignedInPages(context)
  for (const kind of reachableKinds) {
    const path = `/account/addresses/${kind}`
    const show = async (
      { account, requester }: SignedIn,
      { request, reply }: Pick<RefusedCall, 'request' | 'reply'>,
      shown: Pick<AddressPage, 'fault' | 'said' | 'message' | 'typed'> & { another?: boolean },
    ): Promise<FastifyReply> => {
      const { another = false, ...said } = shown
      const { phoneCountry } = readingRules(engine, requester.locale)
      const current = account.identifiers.find((identifier) => identifier.kind === kind)
      const begun = another
        ? undefined
        : await lookAtChallenge(engine, changeKey(account.id, kind), requester.now)
      const content = addressPage({
        ...said,
        locale: requester.locale,
        kind,
        current: current?.display ?? null,
        isVerified: current?.verifiedAt != null,
        prefix: phoneCountry === null ? null : callingCode(phoneCountry),
        sentTo: begun === undefined ? null : String(begun.challenge.to),
        waitSeconds: resendWait(requester, begun),
      })
      return showPage(engine, request, reply, content)
    }
    page(path, { operation, query }, (user, { query: { fault = null, said = null, another }, ...call }) =>
      show(user, call, { fault, said, message: undefined, typed: undefined, another: another !== undefined }),
    )

    const refused = (user: SignedIn, { faults, typed, ...call }: RefusedCall) =>
      show(user, call, {
        ...{ fault: null, said: null, message: faults.value, typed: typed.value, another: true },
      })
    form(
      path,
      { operation, body: wanted, back: path, refused },
      async ({ acting, ...user }, { body: { value } }) => {
        await beginIdentifierChange(acting, { ...user, kind, value })
        return path
      },
    )

    form(
      `${path}/confirm`,
      { operation, body: confirmation, back: path },
      async ({ acting, ...user }, { body: { code }, request }) => {
        await finishIdentifierChange(acting, { ...user, kind, code })
        return kind === 'email' && keptInvitation(engine, request) !== undefined
          ? joinPath
          : saying('/account', 'verified')
      },
    )

    form(`${path}/remove`, { operation, back: path }, async ({ acting, ...user }) => {
      await removeIdentifier(acting, { ...user, kind })
      return saying('/account', 'removed')
    })
  }
}
