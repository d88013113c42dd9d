import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { Problem } from '../../domain/problem.ts'

const sampleBytes = 4096

export const encodings = [
  'utf-8',
  'utf-16le',
  'utf-16be',
  'euc-kr',
  'shift_jis',
  'gb18030',
  'windows-1252',
] as const
export type Encoding = (typeof encodings)[number]

const marks: readonly [Encoding, readonly number[]][] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
]
const sqliteMark = 'SQLite format 3\0'

/** The first bytes of a file. */
export async function sampleOf(path: string): Promise<Buffer> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    throw new Problem('invalid_fields', { detail: `${path} cannot be read: ${error.code}`, cause: error })
  })
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(sampleBytes), 0, sampleBytes, 0)
    return buffer.subarray(0, bytesRead)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new Problem('invalid_fields', { detail: `${path} cannot be read: ${code}`, cause: error })
  } finally {
    await file.close()
  }
}

export const isSqlite = (sample: Buffer): boolean => sample.toString('latin1').startsWith(sqliteMark)

/** By its byte order mark, or the one that is given. Throws `invalid_fields` for a binary file. */
export function encodingOf(sample: Buffer, given: Encoding | null): Encoding {
  const marked = marks.find(([, mark]) => mark.every((byte, place) => sample[place] === byte))?.[0]
  const encoding = marked ?? given ?? 'utf-8'
  if (!encoding.startsWith('utf-16') && sample.includes(0))
    throw new Problem('invalid_fields', {
      detail: 'This is no text file. Unpack an archive first; UTF-16 needs its byte order mark',
    })
  return encoding
}

export interface TextFile {
  text: AsyncIterable<string>
  bytesRead(): number
}

/**
 * The text of a file in chunks, without a byte order mark. Throws `invalid_fields` on bytes that are no text.
 */
export function openText(path: string, encoding: Encoding): TextFile {
  let bytes = 0
  async function* read(): AsyncGenerator<string> {
    const decoder = new TextDecoder(encoding, { fatal: true })
    const decode = (chunk?: Buffer): string => {
      try {
        return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode()
      } catch (error) {
        throw new Problem('invalid_fields', {
          detail: `Between byte ${bytes} and byte ${bytes + (chunk?.length ?? 0)} the file is not ${encoding}; --encoding names another one`,
          cause: error,
        })
      }
    }
    for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 })) {
      const text = decode(chunk)
      bytes += chunk.length
      if (text !== '') yield text
    }
    const rest = decode()
    if (rest !== '') yield rest
  }
  return { text: read(), bytesRead: () => bytes }
}
