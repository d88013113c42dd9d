import { parseFilter } from '../../../domain/scim/filter.ts'
import type { Resource } from '../../../domain/scim/resource.ts'
import { countMax } from './discovery.ts'

const countDefault = 100
const neverLeftOut = new Set(['id', 'schemas', 'meta'])

const textOf = (value: unknown): string | undefined => {
  const one = Array.isArray(value) ? value[0] : value
  return typeof one === 'string' && one !== '' ? one : undefined
}

function numberOf(value: unknown, otherwise: number): number {
  const number = Number(textOf(value) ?? otherwise)
  return Number.isFinite(number) ? Math.trunc(number) : otherwise
}

/** RFC 7644 §3.4.2. A start below 1 is 1, a count below 0 is 0. Throws ScimFault `invalidFilter`. */
export function readListQuery(query: Record<string, unknown>) {
  const filter = textOf(query.filter)
  const start = Math.max(1, numberOf(query.startIndex, 1))
  return {
    ...{ filter: filter === undefined ? null : parseFilter(filter), offset: start - 1 },
    limit: Math.min(countMax, Math.max(0, numberOf(query.count, countDefault))),
  }
}

/** Which attributes a reply has (RFC 7644 §3.9). */
export function readProjection(query: Record<string, unknown>) {
  const names = (value: unknown): string[] =>
    (textOf(value) ?? '')
      .split(',')
      .map(
        (name) =>
          name
            .trim()
            .toLowerCase()
            .replace(/^urn:.*:user:/, '')
            .split('.')[0] ?? '',
      )
      .filter((name) => name !== '')
  const [only, without] = [names(query.attributes), names(query.excludedAttributes)]
  const isShown = (name: string): boolean => {
    const key = name.toLowerCase()
    if (neverLeftOut.has(key)) return true
    return only.length > 0 ? only.includes(key) : !without.includes(key)
  }
  return {
    isShown,
    project: (resource: Resource): Resource =>
      only.length === 0 && without.length === 0
        ? resource
        : Object.fromEntries(Object.entries(resource).filter(([name]) => isShown(name))),
  }
}

/** The revision that `If-Match` asks for; null for any. A tag that is none of ours matches nothing. */
export function readVersion(header: string | undefined): number | null {
  if (header === undefined || header.trim() === '*') return null
  const [, revision] = /^(?:W\/)?"(\d+)"$/.exec(header.trim()) ?? []
  return revision === undefined ? -1 : Number(revision)
}
