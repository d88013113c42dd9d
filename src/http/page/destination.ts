import { Type } from 'typebox'

/** Where the user continues after signing in: an application's request, or a page of the account. */
export interface Destination {
  interaction: string | null
  returnTo: string | null
}

/** A request of an application by SAML, sealed. */
export const samlTokenPattern = 'v1\\.[A-Za-z0-9_-]{1,6000}'
const ownPages = `^/(account(/[a-z0-9_/-]*)?|saml/[a-z][a-z0-9-]{0,31}/continue/${samlTokenPattern})$`

const interactionId = Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_-]{16,64}$' }))
export const interactionQuery = { interaction: interactionId }

/** The query of every sign-in page; only our own pages are valid targets (open redirect, CWE-601). */
export const destinationQuery = {
  ...interactionQuery,
  return_to: Type.Optional(Type.String({ pattern: ownPages, maxLength: 6100 })),
}

export const destinationOf = (query: { interaction?: string; return_to?: string }): Destination => ({
  interaction: query.interaction ?? null,
  returnTo: query.return_to ?? null,
})

export const invitationQuery = {
  invitation: Type.Optional(Type.String({ minLength: 1, maxLength: 128 })),
}

/** The same, for the query of a further page. */
export const invitedBy = ({ invitation }: { invitation?: string }): Record<string, string> =>
  invitation === undefined ? {} : { invitation }

/** A path with the continuation in its query. */
export function pathOn(
  path: string,
  { interaction, returnTo }: Destination,
  more: Readonly<Record<string, string>> = {},
): string {
  const query = {
    ...(interaction !== null && { interaction }),
    ...(returnTo !== null && { return_to: returnTo }),
    ...more,
  }
  // Most pages carry nothing, and the class is slow.
  return Object.keys(query).length === 0 ? path : `${path}?${new URLSearchParams(query)}`
}

/** Where a user joins the organisation that invited them. */
export const joinPath = '/account/join'

/** Where an interaction continues. */
export const interactionPath = (uid: string): string => `/oauth/interaction/${uid}`

/** The page at the end. With both, a page of the account comes before the application's request. */
export function endOf({ interaction, returnTo }: Destination): string {
  if (returnTo !== null) return pathOn(returnTo, { interaction, returnTo: null })
  return interaction === null ? '/account' : `${interactionPath(interaction)}?chosen=yes`
}
