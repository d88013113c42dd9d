import { Type } from 'typebox'
import { Problem } from '../../../../domain/problem.ts'
import { upstreamAnswer } from '../../../../domain/upstream-answer.ts'
import { openConnection } from '../../../../engine/connections/upstreams.ts'
import {
  beginEnrolment,
  finishEnrolling,
  linkIdentity,
  linkKey,
} from '../../../../engine/credentials/enrolment.ts'
import { browserHash, type Requester } from '../../../../engine/request-context.ts'
import { findCallback } from '../../../../engine/sign-in/find-callback.ts'
import { lookAtChallenge } from '../../../../engine/tickets/challenge.ts'
import { confirmLinkPage } from '../../../../pages/upstream-pages.ts'
import type { HttpContext } from '../../../context.ts'
import { accountLabel } from '../../../page/account-label.ts'
import { endOf, interactionQuery } from '../../../page/destination.ts'
import { faultQuery } from '../../../page/page-fault.ts'
import { answerBytesMax } from '../../../page/page-route.ts'
import { saying } from '../../../page/said.ts'
import { showPage } from '../../../page/show-page.ts'
import { createSignedInPages } from '../../../page/signed-in-pages.ts'
import { memoOf, nameOf, showDeparture, showFailure, slugParams } from '../../../page/upstreams.ts'

const operation = 'credentials'
const linkPath = '/account/link'
const query = Type.Object({ ...faultQuery, ...interactionQuery })
const linkBody = Type.Object(interactionQuery, { additionalProperties: false })

/** Links identities at upstream providers to one's own account. */
export function connectionPageRoutes(context: HttpContext): void {
  const { engine } = context
  const { page, form } = createSignedInPages(context)

  form('/account/connections/:slug', { params: slugParams, operation }, async ({ acting, ...user }, call) => {
    const { slug } = call.params
    const { connection, method } = await openConnection(engine, slug, 'link')
    if (method.upstream === 'form') return `/account/connections/${slug}/name`
    const memo = memoOf(slug, { interaction: null, returnTo: null })
    const challenge = await beginEnrolment(acting, { ...user, method, asked: { connection: slug }, memo })
    return showDeparture(engine, call, { connection, challenge })
  })

  form(
    '/account/callback/:slug',
    { params: slugParams, body: upstreamAnswer, bodyLimit: answerBytesMax, operation },
    async ({ acting, ...user }, call) => {
      const { params, body, requester } = call
      const { now } = requester
      const found = await findCallback(engine, { state: body.state, connection: params.slug, now })
      // Begun in another account: an identity is never linked to the account that happens to be signed in.
      if (found?.use !== 'link' || found.accountId !== user.account.id)
        return showFailure(engine, call, { text: 'over', url: '/account' })
      try {
        const answer = { ...body }
        await finishEnrolling(acting, { ...user, method: found.method, answer, name: null })
        return saying('/account', 'linked')
      } catch (error) {
        const [fault] = error instanceof Problem ? (error.errors ?? []) : []
        if (!fault) throw error
        return showFailure(engine, call, { text: fault.message, url: '/account' })
      }
    },
  )

  const lookAtLink = ({ browser, now }: Requester) =>
    browser === null ? undefined : lookAtChallenge(engine, keyOf(browser), now)

  page(linkPath, { operation, query }, async ({ account, requester }, { query, request, reply }) => {
    const { fault = null, interaction = null } = query
    const { locale } = requester
    const offered = await lookAtLink(requester)
    if (!offered) return '/account?fault=over'
    const name = await nameOf(engine, String(offered.challenge.connection), locale)
    const content = { locale, name, account: accountLabel(account), path: linkPath, fault, interaction }
    return showPage(engine, request, reply, confirmLinkPage(content))
  })

  form(
    linkPath,
    { operation, body: linkBody, back: linkPath },
    async ({ acting, ...user }, { body: { interaction } }) => {
      const { browser } = user.requester
      if (browser === null) throw new Problem('challenge_not_open')
      await linkIdentity(acting, { ...user, key: keyOf(browser) })
      return interaction === undefined ? saying('/account', 'linked') : endOf({ interaction, returnTo: null })
    },
  )
}

const keyOf = (browser: string) => linkKey(browserHash('attempt', browser))
