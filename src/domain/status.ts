/**
 * Where a service looks up whether a token is still good: a list, and a place in it (OAuth Token Status List
 * §6).
 */
export interface StatusReference {
  list: string
  index: number
}

/** Lists of sessions and grants live long; those of single tokens are many and expire soon. */
export const statusClasses = { session: 's', token: 't' } as const
export type StatusClass = keyof typeof statusClasses

/** Tokens per list. */
export const statusListSize = 2 ** 20

/** The n-th number of a class, as it is kept: `s0/17`. */
export const statusOf = (kind: StatusClass, number: number): string =>
  `${statusClasses[kind]}${Math.floor(number / statusListSize)}/${number % statusListSize}`

export function readStatus(status: string): StatusReference {
  const [list = '', index = ''] = status.split('/')
  return { list, index: Number(index) }
}
