import { createHash } from 'node:crypto'
import { siteOf } from '../../../domain/site.ts'
import { compactScript } from '../../../pages/compact.ts'
import type { ApiDocument } from '../../../pages/docs/api-document.ts'
import { docsPage, docsSheet } from '../../../pages/docs/docs-page.ts'
import { tryIt } from '../../../pages/scripts/try-it.ts'
import type { HttpContext } from '../../context.ts'

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"

/** The OpenAPI document, and the page made from it. */
export function docsRoutes({ app, engine }: HttpContext): void {
  const { base } = siteOf(engine.settings.issuer)
  const document = (): ApiDocument => app.swagger() as unknown as ApiDocument
  const files: Readonly<Record<string, { type: string; make: () => string; policy?: string }>> = {
    '/openapi.json': { type: 'application/json', make: () => JSON.stringify(document()) },
    '/docs': { type: 'text/html', make: () => docsPage(document(), base), policy },
    '/docs/docs.css': { type: 'text/css', make: () => docsSheet },
    '/docs/docs.js': { type: 'text/javascript', make: () => compactScript(`(${tryIt})()`) },
  }
  for (const [path, { type, make, policy: own }] of Object.entries(files)) {
    const file = once(make)
    app.get(path, { schema: { hide: true } }, (request, reply) => {
      const { content, tag } = file()
      if (own !== undefined) reply.header('content-security-policy', own)
      reply.header('etag', tag).header('cache-control', 'no-cache')
      if (request.headers['if-none-match'] === tag) return reply.code(304).send()
      return reply.header('content-type', `${type}; charset=utf-8`).send(content)
    })
  }
}

/** Made on first use, and shared by all replies: concurrent ones use no extra memory. */
function once(make: () => string): () => { content: Buffer; tag: string } {
  let made: { content: Buffer; tag: string } | undefined
  return () => {
    const content = made?.content ?? Buffer.from(make())
    made ??= { content, tag: `"${createHash('sha256').update(content).digest('base64url')}"` }
    return made
  }
}
