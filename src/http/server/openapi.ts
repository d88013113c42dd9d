import swagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'

/** OpenAPI 3.1, made from the routes' own schemas; must be installed before them. */
export async function installDocumentation(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Sumun',
        version,
        description:
          'Sign in by any method; every other service checks the signed token by itself. Errors are RFC 9457 problem documents with a stable `code`.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      tags: [
        { name: 'accounts', description: 'Signing up' },
        { name: 'sign-in', description: 'Signing in' },
        { name: 'sessions', description: 'Staying signed in, and signing out' },
        { name: 'me', description: 'The account behind the token' },
        { name: 'example', description: 'What a protected service looks like' },
        { name: 'keys', description: 'How other services check tokens' },
        { name: 'admin', description: 'For operators: accounts, applications, keys, the audit log' },
        { name: 'operation', description: 'For whoever runs the server' },
      ],
      components: {
        securitySchemes: {
          password: {
            type: 'oauth2',
            description: 'Signs in through `POST /login`',
            flows: {
              password: {
                tokenUrl: '/login',
                refreshUrl: '/refresh',
                scopes: { account: 'The account itself', admin: 'Operating the server', 'admin:read': 'Looking at how it is operated' },
              },
            },
          },
          bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'An access token' },
        },
      },
    },
  })
}
