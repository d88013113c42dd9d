/** The same function, which remembers the results for its first `max` keys: strangers may choose others. */
export function remembered<Result>(max: number, make: (key: string) => Result): (key: string) => Result {
  const known = new Map<string, Result>()
  return (key) => {
    const found = known.get(key)
    if (found !== undefined) return found
    const made = make(key)
    if (known.size < max) known.set(key, made)
    return made
  }
}
