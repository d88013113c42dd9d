import { createPublicKey, type JsonWebKey, verify } from 'node:crypto'
import { createVerifier } from '../../sdk/src/index.ts'
import { freshTokens, startOurs } from '../ours.ts'
import type { Row, RunOptions } from '../table.ts'

const tokensMade = 6000

/** What an API pays to check a token, beside the signature alone. */
export async function sdkRows(_options: RunOptions): Promise<Row[]> {
  const ours = await startOurs()
  try {
    const tokens = await freshTokens(ours, tokensMade)
    const verifier = createVerifier({ issuer: ours.url, audience: ours.url })
    await verifier.verify(ours.accessToken) // keys and list are there
    const [jwk] = (
      (await (await fetch(`${ours.url}/.well-known/jwks.json`)).json()) as {
        keys: (JsonWebKey & { kid: string })[]
      }
    ).keys
    const key = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' })
    const bare = (token: string) => {
      const at = token.lastIndexOf('.')
      return verify(
        'sha256',
        Buffer.from(token.slice(0, at), 'ascii'),
        { key, dsaEncoding: 'ieee-p1363' },
        Buffer.from(token.slice(at + 1), 'base64url'),
      )
    }
    // In turns, since the machine's other work comes and goes.
    const times = { sdk: 0, bare: 0 }
    for (let from = 0; from < tokensMade; from += 500) {
      const some = tokens.slice(from, from + 500)
      times.bare += await timeOf(some, async (token) => void bare(token))
      times.sdk += await timeOf(some, async (token) => void (await verifier.verify(token)))
    }
    const seen = Array.from({ length: 300_000 }, (_, index) => tokens[index % 1000] as string)
    await Promise.all(tokens.slice(0, 1000).map((token) => verifier.verify(token)))
    const seenMilliseconds = await timeOf(seen, async (token) => void (await verifier.verify(token)))
    return [
      {
        what: 'SDK verify, tokens seen before',
        unit: '/s',
        ours: (seen.length / seenMilliseconds) * 1000,
        beside: 'the goal',
        theirs: 100_000,
        goal: 1,
        errors: 0,
      },
      {
        what: 'SDK verify, tokens never seen',
        unit: '/s',
        ours: (tokensMade / times.sdk) * 1000,
        beside: 'one ES256 verification',
        theirs: (tokensMade / times.bare) * 1000,
        goal: 0.9,
        errors: 0,
      },
    ]
  } finally {
    await ours.stop()
  }
}

async function timeOf(tokens: readonly string[], work: (token: string) => Promise<void>): Promise<number> {
  const startedAt = performance.now()
  for (const token of tokens) await work(token)
  return performance.now() - startedAt
}
