import swagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import type { OpenAPIV3_1 } from 'openapi-types'
import { withReferences } from '../schema/named.ts'
import { oauthPaths } from '../schema/oauth-paths.ts'

const tags = {
  accounts: 'Signing up',
  'sign-in': 'Signing in',
  sessions: 'Staying signed in, and signing out',
  me: 'The account behind the token',
  organisations: 'Organisations of the account, and what their admins manage',
  oauth: 'The OpenID provider; errors are those of OAuth2 (RFC 6749 §5.2)',
  example: 'An example of a protected service',
  keys: 'For services that verify tokens',
  admin: 'For operators: accounts, applications, keys, the audit log',
  operation: 'Health and metrics',
} as const
export type Tag = keyof typeof tags

/** OpenAPI 3.1, made from the routes' own schemas; must be installed before them. */
export async function installDocumentation(
  app: FastifyInstance,
  { version, issuer }: { version: string; issuer: string },
): Promise<void> {
  await app.register(swagger, {
    refResolver: {
      buildLocalReference: ({ $id }, _base, _fragment, place) => String($id ?? `schema-${place}`),
    },
    transform: ({ schema, url }) => ({ schema: withReferences(schema) as typeof schema, url }),
    transformObject(document) {
      const { openapiObject: made } = document as unknown as { openapiObject: OpenAPIV3_1.Document }
      return { ...made, paths: { ...made.paths, ...oauthPaths } as OpenAPIV3_1.PathsObject }
    },
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Sumun',
        version,
        description:
          'Sign in by any method; other services verify the signed token themselves. Errors are RFC 9457 problem documents with a stable `code`.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: issuer }],
      tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
      components: {
        securitySchemes: {
          password: {
            type: 'oauth2',
            description: 'Signs in through `POST /login`',
            flows: {
              password: {
                tokenUrl: '/login',
                refreshUrl: '/refresh',
                scopes: {
                  account: 'The account itself',
                  admin: 'Operating the server',
                  'admin:read': 'Read-only administration',
                  'admin:help': 'Helping the users of ordinary accounts',
                },
              },
            },
          },
          bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'An access token' },
        },
      },
    },
  })
}
