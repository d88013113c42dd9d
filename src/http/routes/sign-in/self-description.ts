import { Type } from 'typebox'
import { describeSelf } from '../../../engine/connections/describe-self.ts'
import type { HttpContext } from '../../context.ts'
import { slugParams } from '../../page/upstreams.ts'
import { route } from '../../server/route.ts'

/** What identity providers are told of this server. */
export function selfDescriptionRoutes(context: HttpContext): void {
  const { engine } = context
  route(context, 'GET /v1/connections/:slug/metadata', {
    operationId: 'getConnectionMetadata',
    tag: 'sign-in',
    summary: 'This server as a service provider of SAML',
    description: 'The metadata to give to the identity provider of a connection (SAML Metadata §2.4.4).',
    params: slugParams,
    produces: ['application/samlmetadata+xml'],
    reply: Type.String({ description: 'XML' }),
    errors: ['not_found'],
    async handler({ params: { slug }, reply }) {
      return reply.type('application/samlmetadata+xml').send(await describeSelf(engine, slug))
    },
  })
}
