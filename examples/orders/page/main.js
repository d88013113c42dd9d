import { createBrowserClient } from '@sumun/sdk/browser'

const element = (id) => document.getElementById(id)
const { issuer, clientId, resource, connections } = await (await fetch('/settings.json')).json()
const client = await createBrowserClient({
  issuer,
  clientId,
  resource,
  redirectUri: `${location.origin}/`,
  scope: 'openid offline_access orders:read orders:write',
})

async function show() {
  const isSignedIn = (await client.accessToken()) !== undefined
  for (const id of ['sign-in', 'connections']) element(id).hidden = isSignedIn
  for (const id of ['load', 'sign-out']) element(id).hidden = !isSignedIn
  element('who').textContent = isSignedIn ? `Signed in as ${(await client.user())?.sub}` : 'Not signed in'
}

element('sign-in').addEventListener('click', () => client.signIn())
// Buttons of one's own, which go straight to the provider. What they look like, its rules say.
element('connections').replaceChildren(
  ...Object.entries(connections).map(([connection, name]) => {
    const button = Object.assign(document.createElement('button'), { textContent: `Continue with ${name}` })
    button.addEventListener('click', () => client.signIn({ connection }))
    return button
  }),
)
element('sign-out').addEventListener('click', () => client.signOut(`${location.origin}/`))
element('load').addEventListener('click', async () => {
  const { orders } = await (await client.fetch('/api/orders')).json()
  element('orders').replaceChildren(
    ...orders.map((order) => Object.assign(document.createElement('li'), { textContent: order })),
  )
})
await client.finishSignIn()
await show()
