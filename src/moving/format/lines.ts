import { Problem } from '../../domain/problem.ts'

const lineLengthMax = 4 * 1024 * 1024

/**
 * Lines without their ends, whichever those are. Throws `invalid_fields` on one of more than 4 million
 * characters.
 */
export async function* linesOf(text: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of text) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() as string
    for (const line of lines) yield line.endsWith('\r') ? line.slice(0, -1) : line
    if (rest.length > lineLengthMax)
      throw new Problem('invalid_fields', { detail: 'A line has more than four million characters' })
  }
  if (rest !== '') yield rest
}
