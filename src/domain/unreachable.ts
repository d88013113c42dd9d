/** Ends a switch over a union: the compiler refuses a forgotten case, and a bug at run time is loud. */
export function unreachable(value: never): never {
  throw new Error(`unreachable case: ${JSON.stringify(value)}`)
}
