/** Whose password the old system is asked for, as it knew the user. */
export interface AskedUser {
  id: string | null
  /** An address, username or phone number. */
  name: string
}

const prefix = '$asked$'

/** In the place of a hash: the old system is asked at the first sign-in. */
export const askedHash = (user: AskedUser): string =>
  prefix + Buffer.from(JSON.stringify([user.id, user.name])).toString('base64url')

export const isAskedHash = (hash: string): boolean => hash.startsWith(prefix)

/** Undefined for what is none. */
export function readAskedHash(hash: string): AskedUser | undefined {
  try {
    const [id, name] = JSON.parse(Buffer.from(hash.slice(prefix.length), 'base64url').toString())
    const isUser = isAskedHash(hash) && typeof name === 'string' && (id === null || typeof id === 'string')
    return isUser ? { id, name } : undefined
  } catch {
    return undefined
  }
}
