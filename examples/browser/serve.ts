import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'

/** `npx node examples/browser/serve.ts [PORT]`: the example page, on an origin of its own. */
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
}
const files = new Set(['index.html', 'page.js'])

const server = createServer((request, response) => {
  const name = new URL(request.url ?? '/', 'http://localhost').pathname.slice(1) || 'index.html'
  if (!files.has(name)) return void response.writeHead(404).end()
  response
    .writeHead(200, { 'content-type': types[extname(name)] })
    .end(readFileSync(join(import.meta.dirname, name)))
})
server.listen(Number(process.argv[2] ?? 9000), 'localhost', () => {
  const { port } = server.address() as AddressInfo
  console.log(`http://localhost:${port}`)
})
