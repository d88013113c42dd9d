/**
 * As directories compare names, and wider (RFC 4518 §2; Active Directory skips accents): without case, width,
 * marks, repeated spaces, and the domain before a backslash. One name in many spellings is counted once.
 */
export const foldedName = (name: string): string =>
  name
    .replace(/^.*\\/s, '')
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toUpperCase()
    .toLowerCase()
    .replaceAll(/\s+/gu, ' ')
    .trim()
