import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Problem } from '../../../domain/problem.ts'
import { siteOf } from '../../../domain/site.ts'
import type { HttpContext } from '../../context.ts'

const require = createRequire(import.meta.url)
const assetFolder = (): string => dirname(require.resolve('swagger-ui-dist/package.json'))
const assets: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
}

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sumun API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<main id="docs"></main>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`

// The page loads nothing from other servers; without script the document is at /openapi.json.
const start = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  displayRequestDuration: true,
  persistAuthorization: false,
  validatorUrl: null,
  supportedSubmitMethods: ['get', 'post', 'patch', 'delete'],
})
`

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"

export function docsRoutes({ app, engine }: HttpContext): void {
  const { base } = siteOf(engine.settings.issuer)
  // Created once and shared by all replies, so that concurrent replies use no extra memory.
  const document = once(async () => Buffer.from(JSON.stringify(app.swagger())))
  const readAsset = Object.fromEntries(Object.keys(assets).map((name) => [name, once(() => loadAsset(name))]))

  app.get('/openapi.json', { schema: { hide: true } }, async (_request, reply) =>
    reply.header('content-type', 'application/json; charset=utf-8').send(await document()),
  )

  app.get('/docs', { schema: { hide: true } }, (_request, reply) =>
    reply
      .header('content-type', 'text/html; charset=utf-8')
      .header('content-security-policy', policy)
      .send(page.replaceAll('"/docs/', `"${base}/docs/`)),
  )

  app.get('/docs/start.js', { schema: { hide: true } }, (_request, reply) =>
    reply
      .header('content-type', 'text/javascript; charset=utf-8')
      .send(start.replace('/openapi.json', `${base}/openapi.json`)),
  )

  app.get('/docs/:asset', { schema: { hide: true } }, async (request, reply) => {
    const { asset } = request.params as { asset: string }
    const type = Object.hasOwn(assets, asset) ? assets[asset] : undefined
    const found = await readAsset[asset]?.()
    if (type === undefined || !found) throw new Problem('not_found')
    const { content, tag } = found
    reply.header('cache-control', 'public, max-age=3600').header('etag', tag)
    if (request.headers['if-none-match'] === tag) return reply.code(304).send()
    return reply.header('content-type', type).send(content)
  })
}

async function loadAsset(name: string): Promise<{ content: Buffer; tag: string }> {
  const content = await readFile(join(assetFolder(), name))
  return { content, tag: `"${createHash('sha256').update(content).digest('base64url')}"` }
}

/** Created on first use; retried after a failure. */
function once<Result>(make: () => Promise<Result>): () => Promise<Result> {
  let made: Promise<Result> | undefined
  return () => {
    made ??= make().catch((error) => {
      made = undefined
      throw error
    })
    return made
  }
}
