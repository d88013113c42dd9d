import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Problem } from '../../domain/problem.ts'
import type { Engine } from '../../engine/engine.ts'
import { dismissPage } from '../../pages/message-page.ts'
import { words } from '../../words/pages.ts'
import { pageLocale } from '../caller/locale.ts'
import { showPage } from '../page/show-page.ts'

/** The page for a problem, with a link to continue. */
export function showProblem(
  engine: Engine,
  request: FastifyRequest,
  reply: FastifyReply,
  { code, status, retryAfterSeconds }: Problem,
): FastifyReply {
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds))
  const { errors, faults, signUp, site } = words[pageLocale(request)]
  const text =
    code === 'not_found'
      ? errors.noPage
      : code === 'cross_site_request'
        ? signUp.crossSite
        : status === 429
          ? faults.throttled
          : status === 503
            ? faults.busy
            : status < 500
              ? faults.invalid
              : errors.ours
  const detail = `${code} · ${request.id}`
  return showPage(
    engine,
    request,
    reply.code(status),
    dismissPage({
      title: code === 'not_found' ? errors.noPageTitle : errors.title,
      text,
      detail,
      label: site.account,
      url: '/account',
    }),
  )
}
