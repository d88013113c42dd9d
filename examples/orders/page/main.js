import { createBrowserClient } from '@sumun/sdk/browser'

const element = (id) => document.getElementById(id)
const { issuer, clientId, resource } = await (await fetch('/settings.json')).json()
const client = await createBrowserClient({
  issuer,
  clientId,
  resource,
  redirectUri: `${location.origin}/`,
  scope: 'openid offline_access orders:read orders:write',
})

async function show() {
  const isSignedIn = (await client.accessToken()) !== undefined
  element('sign-in').hidden = isSignedIn
  for (const id of ['load', 'sign-out']) element(id).hidden = !isSignedIn
  element('who').textContent = isSignedIn ? `Signed in as ${(await client.user())?.sub}` : 'Not signed in'
}

element('sign-in').addEventListener('click', () => client.signIn())
element('sign-out').addEventListener('click', () => client.signOut(`${location.origin}/`))
element('load').addEventListener('click', async () => {
  const { orders } = await (await client.fetch('/api/orders')).json()
  element('orders').replaceChildren(
    ...orders.map((order) => Object.assign(document.createElement('li'), { textContent: order })),
  )
})
await client.finishSignIn()
await show()
