/**
 * A command-line program that signs a user in without a browser of its own (RFC 8628).
 *   npx sumun client add --name 'Boats on the command line' --auth none --grants 'device refresh'
 *   npx node examples/device/sign-in.ts http://localhost:8000 cli_…
 */
const [issuer = 'http://localhost:8000', clientId = ''] = process.argv.slice(2)
const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code'

async function call(
  url: string,
  parameters: Record<string, string>,
): Promise<{ ok: boolean; body: Record<string, string> }> {
  const response = await fetch(url, {
    method: 'POST',
    body: new URLSearchParams({ client_id: clientId, ...parameters }),
  })
  return { ok: response.ok, body: (await response.json()) as Record<string, string> }
}

const metadata = (await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()) as Record<
  string,
  string
>
const { ok, body: begun } = await call(metadata.device_authorization_endpoint as string, {
  scope: 'openid email',
})
if (!ok) throw new Error(`${begun.error}: ${begun.error_description}`)
console.log(`Open ${begun.verification_uri} and type ${begun.user_code}`)

let wait = Number(begun.interval ?? 5) * 1000
for (;;) {
  await new Promise((resolve) => setTimeout(resolve, wait))
  const { ok: isDone, body } = await call(metadata.token_endpoint as string, {
    grant_type: deviceGrant,
    device_code: begun.device_code as string,
  })
  if (isDone) {
    const reply = await fetch(metadata.userinfo_endpoint as string, {
      headers: { authorization: `Bearer ${body.access_token}` },
    })
    console.log(`Signed in as ${((await reply.json()) as { email?: string }).email}`)
    break
  }
  if (body.error === 'slow_down') wait += 5000
  else if (body.error !== 'authorization_pending') throw new Error(`${body.error}: ${body.error_description}`)
}
