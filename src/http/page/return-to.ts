import { Type } from 'typebox'

/** Where the user continues after signing in: an application's request, or a page of the account. */
export interface Onward {
  interaction: string | null
  returnTo: string | null
}

const ownPages = '^/account(/[a-z0-9_/-]*)?$'

/** Of every page on the way: none leads anywhere but to pages of ours (CWE-601). */
export const onwardQuery = {
  interaction: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_-]{16,64}$' })),
  return_to: Type.Optional(Type.String({ pattern: ownPages, maxLength: 128 })),
}

export const onwardOf = (query: { interaction?: string; return_to?: string }): Onward => ({
  interaction: query.interaction ?? null,
  returnTo: query.return_to ?? null,
})

/** A path that carries where to continue. */
export function pathOn(
  path: string,
  { interaction, returnTo }: Onward,
  more: Readonly<Record<string, string>> = {},
): string {
  const query = new URLSearchParams({
    ...(interaction !== null && { interaction }),
    ...(returnTo !== null && { return_to: returnTo }),
    ...more,
  }).toString()
  return query === '' ? path : `${path}?${query}`
}

/** Where an interaction continues. */
export const interactionPath = (uid: string): string => `/oauth/interaction/${uid}`

/** The page at the end. */
export const endOf = ({ interaction, returnTo }: Onward): string =>
  interaction === null ? (returnTo ?? '/account') : `${interactionPath(interaction)}?chosen=yes`
