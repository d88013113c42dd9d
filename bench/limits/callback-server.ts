import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { createParts } from './callback-parts.ts'

/** A server that does with each request what a callback cannot do without, and nothing else. */
const parts = await createParts(process.env.BENCH_ISSUER ?? '', process.env.BENCH_DATABASE ?? '')
const server = createServer(async (request, response) => {
  const { code } = JSON.parse(await text(request)) as { code: string }
  await parts(code)
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"done"}')
})
server.listen(0, '127.0.0.1', () =>
  console.log(JSON.stringify({ url: `http://localhost:${(server.address() as AddressInfo).port}` })),
)
