import { begin, call, prove, show } from './client.ts'

/**
 * Signs in with an account at another provider, by the first connection that is offered. In an application a
 * browser opens the redirect URL, and the provider sends it back to Sumun; here the user consents at once, and
 * the answer is read from where the provider sends them.
 */
export async function signInElsewhere(wanted: 'oidc' | 'oauth2' | 'saml'): Promise<void> {
  const attempt = await begin()
  const { offers } = await call(`/v1/attempts/${attempt}`)
  const offer = offers.find(({ method }: { method: string }) => method === wanted)
  if (!offer) throw new Error('no connection is offered: add one with `sumun connection add`')
  console.log(`continue with ${offer.label}`)
  const { connection } = offer
  show(await prove(attempt, wanted, ({ redirect_url: url }) => consent(url), { connection }))
}

async function consent(redirectUrl: string): Promise<Record<string, string>> {
  const reply = await fetch(redirectUrl, { redirect: 'manual' })
  const { headers } = reply
  // By SAML it is a form, which the browser posts.
  const page = headers.has('location') ? '' : await reply.text()
  const field = (name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1] ?? ''
  if (page !== '') return { state: field('RelayState'), saml_response: field('SAMLResponse') }
  return Object.fromEntries(new URL(headers.get('location') ?? '').searchParams)
}
