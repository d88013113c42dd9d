import { linesOf } from './lines.ts'
import type { RecordRow } from './record-row.ts'

const entryLengthMax = 1024 * 1024
const attributeLine = /^([A-Za-z][\w.-]*)(?:;[\w;-]+)?(::?|:<)[ ]*(.*)$/

/**
 * The entries of an LDIF file (RFC 2849): attribute names in lower case, each with a list of values; values
 * in base64 as text, and with `;binary` or not UTF-8 as base64 under the name with `;base64`. URLs are not
 * followed.
 */
export async function* ldifRecords(text: AsyncIterable<string>): AsyncGenerator<RecordRow> {
  let unfolded: string[] = []
  let [line, beginsAt, length] = [0, 1, 0]
  let isComment = false
  for await (const raw of linesOf(text)) {
    line++
    length += raw.length
    if (raw === '') {
      yield* entryOf(unfolded, beginsAt)
      ;[unfolded, beginsAt, length, isComment] = [[], line + 1, 0, false]
    } else if (length > entryLengthMax) unfolded = ['too long']
    else if (raw.startsWith(' ')) {
      if (!isComment && unfolded.length > 0) unfolded[unfolded.length - 1] += raw.slice(1)
    } else {
      isComment = raw.startsWith('#')
      if (unfolded.length === 0) beginsAt = line
      if (!isComment) unfolded.push(raw)
    }
  }
  yield* entryOf(unfolded, beginsAt)
}

function* entryOf(lines: readonly string[], line: number): Generator<RecordRow> {
  const record: Record<string, string[]> = {}
  for (const text of lines) {
    const [, name = '', mark, value = ''] = attributeLine.exec(text) ?? []
    if (name === '') {
      yield { line, isMalformed: true }
      return
    }
    const bytes = mark === '::' ? Buffer.from(value, 'base64') : null
    const isText = bytes === null || bytes.equals(Buffer.from(bytes.toString()))
    const key = name.toLowerCase() + (isText ? '' : ';base64')
    if (mark !== ':<') (record[key] ??= []).push(bytes === null ? value : isText ? bytes.toString() : value)
  }
  if (record.dn || record.objectclass) yield { line, record }
}
