// An API with Express, and the page that calls it. Needs `npm run build`, and a client:
//   npx sumun client add --name Orders --auth none --first-party --redirect-uri http://localhost:9100/ \
//     --post-logout-uri http://localhost:9100/ --resources http://localhost:9100/api=orders:read,orders:write
//   ISSUER=http://127.0.0.1:8000 CLIENT_ID=cli_… npx node examples/orders/server.mjs
// With buttons for connections of the server (docs/connect): PROVIDERS='kakao=카카오 google=Google'
import { createVerifier, resourceMetadata } from '@sumun/sdk'
import { requireToken } from '@sumun/sdk/express'
import express from 'express'

const {
  ISSUER: issuer = 'http://127.0.0.1:8000',
  CLIENT_ID: clientId,
  PORT: port = '9100',
  PAGE: page = 'examples/orders/dist',
  PROVIDERS: providers = '',
} = process.env
/** Slugs of connections, and the names on their buttons. */
const connections = Object.fromEntries(providers.split(' ').flatMap((one) => (one ? [one.split('=')] : [])))
const origin = `http://localhost:${port}`
const resource = `${origin}/api`
const verifier = createVerifier({ issuer, audience: resource })
const guard = (needs) =>
  requireToken({
    verifier,
    origin,
    resourceMetadata: `${origin}/.well-known/oauth-protected-resource/api`,
    ...needs,
  })

const app = express()
app.get('/.well-known/oauth-protected-resource/api', (_request, response) => {
  response.json(resourceMetadata({ resource, issuer, scopes: ['orders:read', 'orders:write'] }))
})
app.get('/settings.json', (_request, response) => {
  response.json({ issuer, clientId, resource, connections })
})
app.get('/api/orders', guard({ scope: 'orders:read' }), (request, response) => {
  response.json({ of: request.token.sub, orders: ['two paper boats', 'a lantern'] })
})
// What costs something asks for a sign-in that is not older than five minutes.
app.post('/api/orders', guard({ scope: 'orders:write', maxAge: 300 }), (request, response) => {
  response.status(201).json({ of: request.token.sub })
})
app.use(express.static(page))
app.listen(Number(port), 'localhost', () => console.log(origin))
