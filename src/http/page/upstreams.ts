import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { type Connection, slugPattern } from '../../domain/connection.ts'
import type { Locale } from '../../domain/locale.ts'
import type { MethodDefinition } from '../../domain/method.ts'
import { connectionName, presetOf } from '../../engine/connections/upstreams.ts'
import type { Engine } from '../../engine/engine.ts'
import type { Requester } from '../../engine/request-context.ts'
import { connectionsOffered } from '../../engine/sign-in/offers.ts'
import type { Memo } from '../../engine/tickets/challenge.ts'
import { continuePage, dismissPage } from '../../pages/message-page.ts'
import type { UpstreamButton } from '../../pages/upstream-pages.ts'
import { words } from '../../words/pages.ts'
import { say } from '../../words/say.ts'
import { recentConnection } from '../caller/recent-connection.ts'
import type { Destination } from './destination.ts'
import { showPage } from './show-page.ts'

export const slugParams = Type.Object({ slug: Type.String({ pattern: slugPattern }) })

/** Where the user continues, kept with the challenge until the provider sends the browser back. */
export const memoOf = (slug: string, { interaction, returnTo }: Destination): Memo => ({
  connection: slug,
  ...(interaction !== null && { interaction }),
  ...(returnTo !== null && { returnTo }),
})

export const destinationIn = ({ interaction, returnTo }: Memo): Destination => ({
  interaction: interaction ?? null,
  returnTo: returnTo ?? null,
})

/** Buttons for the connections of an attempt, the one used last first. Without an account, for all. */
export async function upstreamsOffered(
  engine: Engine,
  methods: readonly MethodDefinition[],
  given: {
    asking: Parameters<typeof connectionsOffered>[2]
    locale: Locale
    request: FastifyRequest
    pathOf(slug: string): string
  },
): Promise<UpstreamButton[]> {
  const recent = recentConnection(engine, given.request)
  const found = await Promise.all(
    methods.filter(({ upstream }) => upstream).map((one) => connectionsOffered(engine, one, given.asking)),
  )
  // What is of one's own organisation comes first.
  const rank = ({ slug, position, organisationId }: Connection): number =>
    organisationId !== null ? -1 : slug === recent ? 0 : position
  return found
    .flat()
    .sort((a, b) => rank(a) - rank(b) || a.slug.localeCompare(b.slug))
    .map((one) => ({ ...buttonFor(engine, one, given), isRecent: one.slug === recent }))
}

export const buttonFor = (
  engine: Engine,
  connection: Connection,
  { locale, pathOf }: { locale: Locale; pathOf(slug: string): string },
): UpstreamButton => {
  const { mark = null, colours = null } = presetOf(engine, connection) ?? {}
  const { preset, slug } = connection
  const name = connectionName(engine, connection, locale)
  const isHome = connection.organisationId !== null
  return { name, preset, mark, colours, path: pathOf(slug), isRecent: false, isHome }
}

interface Shown {
  requester: Requester
  request: FastifyRequest
  reply: FastifyReply
}

/** Sends the browser to the provider. Not by a redirect: `form-action` would block it. */
export function showDeparture(
  engine: Engine,
  call: Shown,
  { connection, challenge }: { connection: Connection; challenge: Record<string, unknown> },
): FastifyReply {
  const url = String(challenge.redirect_url)
  return sendBrowser(engine, call, { connection, url, text: 'going' })
}

/** Sends a browser that signed out here to the provider, to sign out there. */
export const showSignOutThere = (
  engine: Engine,
  call: Shown,
  there: { connection: Connection; url: string },
): FastifyReply => sendBrowser(engine, call, { ...there, text: 'signingOut' })

/** Sends a browser that signed out here on to the applications that it has signed in to. */
export function showSignedOut(
  engine: Engine,
  { requester: { locale }, request, reply }: Shown,
  url: string,
): FastifyReply {
  const { logout, signIn } = words[locale]
  return showPage(engine, request, reply, continuePage({ title: logout.doneTitle, label: signIn.goOn, url }))
}

function sendBrowser(
  engine: Engine,
  { requester: { locale }, request, reply }: Shown,
  { connection, url, text }: { connection: Connection; url: string; text: 'going' | 'signingOut' },
): FastifyReply {
  const name = connectionName(engine, connection, locale)
  const title = say(locale, words[locale].upstream[text], { name })
  return showPage(engine, request, reply, continuePage({ title, label: words[locale].signIn.goOn, url }))
}

/** The user is not signed in, or nothing was linked. `text`: `over`, or a sentence for the reader. */
export function showFailure(
  engine: Engine,
  { requester: { locale }, request, reply }: Shown,
  { text, url }: { text: string; url: string },
): FastifyReply {
  const own = words[locale].upstream
  const page = dismissPage({
    title: own.failed,
    text: text === 'over' ? own.over : text,
    label: url.startsWith('/account') ? own.back : own.again,
    url,
  })
  return showPage(engine, request, reply, page)
}

/** Of a connection by its slug. */
export async function nameOf(engine: Engine, slug: string, locale: Locale): Promise<string> {
  const connection = await engine.store.connections.findBySlug(slug)
  return connection ? connectionName(engine, connection, locale) : slug
}
