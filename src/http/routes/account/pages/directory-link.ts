import { Type } from 'typebox'
import { Problem } from '../../../../domain/problem.ts'
import { connectionName, openConnection } from '../../../../engine/connections/upstreams.ts'
import { finishEnrolling } from '../../../../engine/credentials/enrolment.ts'
import { directoryPage } from '../../../../pages/directory-page.ts'
import type { Fault } from '../../../../pages/parts.ts'
import type { HttpContext } from '../../../context.ts'
import { faultQuery } from '../../../page/page-fault.ts'
import type { PageCall } from '../../../page/page-route.ts'
import { saying } from '../../../page/said.ts'
import { showPage } from '../../../page/show-page.ts'
import { createSignedInPages, type RefusedCall, type SignedIn } from '../../../page/signed-in-pages.ts'
import { slugParams } from '../../../page/upstreams.ts'

const operation = 'credentials'
const path = '/account/connections/:slug/name'
const query = Type.Object(faultQuery)
const typedText = Type.String({ minLength: 1, maxLength: 512 })
// The method checks them itself.
const typed = Type.Object({ username: typedText, password: typedText }, { additionalProperties: false })

/** Links a company's directory to one's own account: its name and password are typed here. */
export function directoryLinkRoutes(context: HttpContext): void {
  const { engine } = context
  const { page, form } = createSignedInPages(context)

  page(path, { params: slugParams, operation, query: query }, (user, call) =>
    showDirectory(user, call, { fault: call.query.fault ?? null, wait: call.query.wait }),
  )

  form(
    path,
    {
      ...{ params: slugParams, body: typed, operation, back: path },
      refused: (user, call) =>
        showDirectory(user, call as RefusedCall & { params: { slug: string } }, {
          ...{ fault: 'wrong', message: Object.values(call.faults)[0], username: call.typed.username },
        }),
    },
    async ({ acting, ...user }, { params: { slug }, body }) => {
      const { method } = await openConnection(engine, slug, 'link')
      if (method.upstream !== 'form') throw new Problem('not_found')
      // Phones put a space behind a word that they complete.
      const answer = { ...body, username: body.username.trim(), connection: slug }
      if (!engine.methods.takes(method, answer)) throw new Problem('answer_refused')
      await finishEnrolling(acting, { ...user, method, answer, name: null })
      return saying('/account', 'linked')
    },
  )

  async function showDirectory(
    { requester: { locale } }: SignedIn,
    { params: { slug }, request, reply }: Pick<PageCall<typeof slugParams>, 'params' | 'request' | 'reply'>,
    said: {
      fault: Fault | null
      wait?: string | undefined
      message?: string | undefined
      username?: string | undefined
    },
  ) {
    const { connection, method } = await openConnection(engine, slug, 'link')
    const { username = '', ...rest } = said
    const content = directoryPage({
      ...{ locale, method, name: connectionName(engine, connection, locale), username, wait: undefined },
      ...{ path: `/account/connections/${slug}/name`, others: '/account', isLink: true, ...rest },
    })
    return showPage(engine, request, reply, content)
  }
}
