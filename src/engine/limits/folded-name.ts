import type { MethodDefinition } from '../../domain/method.ts'

/**
 * As directories compare names, and wider (RFC 4518 §2; Active Directory skips accents): without case, width,
 * marks, repeated spaces, and the domain before a backslash. One name in many spellings is counted once.
 */
const foldedName = (name: string): string =>
  name
    .replace(/^.*\\/s, '')
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toUpperCase()
    .toLowerCase()
    .replaceAll(/\s+/gu, ' ')
    .trim()

/** What guesses at a name and a password of another server are counted by, in whatever way they are typed. */
export const typedName = ({ id }: Pick<MethodDefinition, 'id'>, answer: Record<string, unknown>): string =>
  `${foldedName(String(answer.username))}/${id}`
