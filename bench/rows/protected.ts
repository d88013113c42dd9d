import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { alternately, drive, startPeer } from '../load.ts'
import { freshTokens, startOurs } from '../ours.ts'
import type { Row, RunOptions } from '../table.ts'

const connections = 64
const freshCount = 40_000

/** `GET /protected` beside node:http that does nothing, and beside node:http that only verifies. */
export async function protectedRows({ seconds, folder }: RunOptions): Promise<Row[]> {
  const ours = await startOurs()
  const [jwk] = ((await (await fetch(`${ours.url}/.well-known/jwks.json`)).json()) as { keys: unknown[] })
    .keys
  const bare = await startPeer(process.execPath, ['bench/limits/node-http.ts'])
  const verifying = await startPeer(process.execPath, ['bench/limits/node-http.ts'], {
    BENCH_JWK: JSON.stringify(jwk),
  })
  try {
    const headers = { authorization: `Bearer ${ours.accessToken}` }
    const list = join(folder, 'tokens.txt')
    writeFileSync(list, (await freshTokens(ours, freshCount)).join('\n'))
    const script = `
local tokens, at = {}, 0
for line in io.lines("${list}") do tokens[#tokens + 1] = line end
request = function()
  at = at % #tokens + 1
  return wrk.format("GET", nil, { Authorization = "Bearer " .. tokens[at] })
end`
    const common = { seconds, connections }
    await drive({ ...common, url: `${ours.url}/protected`, headers, seconds: 2 }) // warm
    const measured = await alternately({
      limit: { ...common, url: bare.url, headers },
      seen: { ...common, url: `${ours.url}/protected`, headers },
      verifyLimit: { ...common, url: verifying.url, script },
      fresh: { ...common, url: `${ours.url}/protected`, script },
    })
    const { limit, seen, verifyLimit, fresh } = measured
    return [
      {
        what: 'GET /protected, tokens seen before',
        unit: '/s',
        ours: seen.perSecond,
        beside: 'bare node:http',
        theirs: limit.perSecond,
        goal: 0.9,
        errors: seen.errors,
      },
      {
        what: 'GET /protected, tokens never seen',
        unit: '/s',
        ours: fresh.perSecond,
        beside: 'node:http and one ES256 verification',
        theirs: verifyLimit.perSecond,
        goal: 1,
        errors: fresh.errors,
      },
    ]
  } finally {
    await Promise.all([ours.stop(), bare.stop(), verifying.stop()])
  }
}
