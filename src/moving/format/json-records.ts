import { Problem } from '../../domain/problem.ts'
import type { RecordRow } from './record-row.ts'

/** Where the users of a document are; everything else is passed over and never parsed. */
const wantedPaths = new Set([
  '',
  'users',
  'Users',
  'identities',
  'data_orgs.orgs.humanUsers',
  'orgs.humanUsers',
])
const recordLengthMax = 1024 * 1024
const depthMax = 100

const [quote, backslash, comma, colon, newline] = [34, 92, 44, 58, 10]
const [openBrace, closeBrace, openBracket, closeBracket] = [123, 125, 91, 93]

interface Level {
  isArray: boolean
  /** The member that is being read. */
  key: string
  expectsKey: boolean
}

/** A stretch of text that may begin in an earlier chunk. */
interface Capture {
  text: string
  /** In the current chunk. */
  from: number
  line: number
}

/**
 * The user objects of a JSON document that may be larger than memory: the elements of the arrays at known
 * paths, or else each object of the outermost level, as in JSON lines. What stands beside them, such as a
 * realm's private keys, is neither parsed nor kept. Throws `invalid_fields` where brackets do not match, or
 * on a record of more than a million characters.
 */
export async function* jsonRecords(text: AsyncIterable<string>): AsyncGenerator<RecordRow> {
  const scanner = createScanner()
  for await (const chunk of text) yield* scanner.take(chunk)
  scanner.end()
}

function createScanner() {
  const levels: Level[] = []
  let line = 1
  let inString = false
  let isEscaped = false
  let key: Capture | undefined
  let element: Capture | undefined
  /** An outermost object, until an array of users is met in it. */
  let outer: Capture | undefined
  let elementDepth = 0

  const fail = (detail: string): never => {
    throw new Problem('invalid_fields', { detail: `Line ${line}: ${detail}` })
  }
  const begun = (from: number): Capture => ({ text: '', from, line })
  const pathOf = (): string =>
    levels
      .filter(({ isArray }) => !isArray)
      .map(({ key }) => key)
      .join('.')

  function open(code: number, at: number): void {
    if (levels.length >= depthMax) fail('the document is nested too deeply')
    if (!element && code === openBrace) {
      if (levels.length === 0) outer = begun(at)
      else if (levels.at(-1)?.isArray && wantedPaths.has(pathOf())) {
        element = begun(at)
        elementDepth = levels.length
        outer = undefined
      }
    }
    levels.push({ isArray: code === openBracket, key: '', expectsKey: code === openBrace })
  }

  /** What ends here, if it is a record. */
  function close(code: number, chunk: string, at: number): RecordRow | undefined {
    const closed = levels.pop()
    if (!closed || closed.isArray !== (code === closeBracket)) fail('the brackets do not match')
    const ended =
      element && levels.length === elementDepth ? element : levels.length === 0 ? outer : undefined
    if (!ended) return undefined
    if (ended === element) element = undefined
    else outer = undefined
    return parse(ended.text + chunk.slice(ended.from, at + 1), ended.line)
  }

  /** What continues in the next chunk. */
  function carry(chunk: string): void {
    for (const capture of [key, element, outer]) {
      if (!capture) continue
      capture.text += chunk.slice(capture.from)
      capture.from = 0
      if (capture.text.length <= recordLengthMax) continue
      if (capture === outer)
        outer = undefined // a document with more than users in it
      else fail('a record has more than a million characters')
    }
  }

  function* take(chunk: string): Generator<RecordRow> {
    for (let at = 0; at < chunk.length; at++) {
      const code = chunk.charCodeAt(at)
      if (code === newline) line++
      if (inString) {
        if (isEscaped) isEscaped = false
        else if (code === backslash) isEscaped = true
        else if (code === quote) {
          inString = false
          if (key) (levels.at(-1) as Level).key = key.text + chunk.slice(key.from, at)
          key = undefined
        }
      } else if (code === quote) {
        inString = true
        if (!element && levels.at(-1)?.expectsKey) key = begun(at + 1)
      } else if (code === openBrace || code === openBracket) open(code, at)
      else if (code === closeBrace || code === closeBracket) {
        const row = close(code, chunk, at)
        if (row) yield row
      } else if (code === colon || code === comma) {
        const top = levels.at(-1)
        if (top && !top.isArray) top.expectsKey = code === comma
      }
    }
    carry(chunk)
  }

  return {
    take,
    end(): void {
      if (inString || levels.length > 0) fail('the document ends in the middle')
    },
  }
}

function parse(text: string, line: number): RecordRow {
  try {
    return { line, record: JSON.parse(text) }
  } catch {
    return { line, isMalformed: true }
  }
}
