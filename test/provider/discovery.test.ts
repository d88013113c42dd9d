import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exportJWK, generateKeyPair } from 'jose'
import * as client from 'openid-client'
import { server } from '../support/fixture.ts'
import { application, discover, exchange, request, signInBy } from '../support/oidc.ts'
import { join, organisation } from '../support/organisations.ts'
import { openPageBrowser } from '../support/page-browser.ts'

test('the discovery document is true', async (t) => {
  const app = await server(t)
  const user = await app.user({ name: 'Kim', username: 'kim-minji' })
  const { body: metadata } = await app.get('/.well-known/openid-configuration')
  assert.deepEqual((await app.get('/.well-known/oauth-authorization-server')).body, metadata)
  const untold = new Set(Object.keys(metadata))
  /** Each member is told off as it is shown to be true. */
  const told = <Value>(name: string): Value => {
    assert.ok(untold.delete(name), `${name} is not there`)
    return metadata[name]
  }

  assert.equal(told('issuer'), app.url)
  assert.equal((await fetch(told<string>('jwks_uri'))).status, 200)
  assert.equal((await fetch(told<string>('service_documentation'))).status, 200)
  for (const name of [
    'authorization',
    'token',
    'userinfo',
    'introspection',
    'revocation',
    'registration',
    'device_authorization',
    'end_session',
  ])
    assert.notEqual((await fetch(told<string>(`${name}_endpoint`), { redirect: 'manual' })).status, 500, name)
  assert.equal(
    (await fetch(told<string>('pushed_authorization_request_endpoint'), { method: 'POST' })).status,
    400,
  )

  assert.deepEqual(told<string[]>('prompt_values_supported').toSorted(), [
    'consent',
    'create',
    'login',
    'none',
    'select_account',
  ])

  const native = await application(app)
  const config = await discover(app, native)
  // Who a client may be.
  const keys = await generateKeyPair('ES256', { extractable: true })
  const jwks = { keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'k', alg: 'ES256' }] }
  for (const method of told<string[]>('token_endpoint_auth_methods_supported'))
    await application(app, { token_endpoint_auth_method: method, jwks })
  for (const alg of told<string[]>('token_endpoint_auth_signing_alg_values_supported'))
    await application(app, {
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: alg,
      jwks,
    })
  for (const alg of told<string[]>('request_object_signing_alg_values_supported'))
    await application(app, { request_object_signing_alg: alg, jwks })
  assert.equal(told('request_parameter_supported'), true) // flows.test.ts signs one
  assert.equal(told('request_uri_parameter_supported'), false) // attack/provider.test.ts is refused
  for (const type of told<string[]>('subject_types_supported')) await application(app, { subject_type: type })
  for (const grant of told<string[]>('grant_types_supported'))
    await application(app, { grant_types: ['authorization_code', grant] })

  // ID tokens, signed by each algorithm and verified with the published keys.
  for (const alg of told<string[]>('id_token_signing_alg_values_supported')) {
    const one = await application(app, { id_token_signed_response_alg: alg })
    const own = await client.discovery(
      new URL(app.url),
      one.id,
      { client_secret: one.secret as string, id_token_signed_response_alg: alg },
      undefined,
      {
        execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks],
      },
    )
    const asked = await request(own)
    const page = await signInBy(openPageBrowser(app.url), asked.url, user)
    const tokens = await exchange(own, asked, page.url)
    assert.equal(
      JSON.parse(Buffer.from((tokens.id_token as string).split('.')[0] as string, 'base64url').toString())
        .alg,
      alg,
    )
  }

  // What may be asked for.
  for (const mode of told<string[]>('response_modes_supported')) {
    const browser = openPageBrowser(app.url)
    const page = await signInBy(browser, (await request(config, { response_mode: mode })).url, user)
    assert.match(page.url + page.text, /code=|name="code"/, mode)
  }
  assert.deepEqual(told('response_types_supported'), ['code', 'none'])
  assert.deepEqual(told('code_challenge_methods_supported'), ['S256'])
  await join(app, await organisation(app), { accountId: user.accountId, roles: ['billing'] })
  const asked = await request(config, {
    scope: told<string[]>('scopes_supported')
      .filter((scope) => !scope.startsWith('admin'))
      .join(' '),
    acr_values: told<string[]>('acr_values_supported')[0] as string,
    claims: JSON.stringify({ id_token: { email: null } }),
  })
  assert.equal(told('claims_parameter_supported'), true)
  const page = await signInBy(openPageBrowser(app.url), asked.url, user)
  assert.equal(new URL(page.url).searchParams.get('iss'), app.url)
  assert.equal(told('authorization_response_iss_parameter_supported'), true)
  const tokens = await exchange(config, asked, page.url)
  assert.ok(tokens.refresh_token)
  const userinfo = await client.fetchUserInfo(config, tokens.access_token, user.accountId)
  const known = { ...userinfo, ...tokens.claims() } as Record<string, unknown>
  const ofNobody = ['phone_number', 'phone_number_verified'] // this account has none
  for (const claim of told<string[]>('claims_supported'))
    assert.ok(claim in known || ofNobody.includes(claim), claim)
  assert.deepEqual(told('claim_types_supported'), ['normal'])

  // Pages speak these.
  for (const locale of told<string[]>('ui_locales_supported')) {
    const reply = await openPageBrowser(app.url).open(
      (await request(config, { ui_locales: locale, client_id: 'nobody' })).url,
    )
    assert.match(reply.text, new RegExp(`<html lang="${locale}"`))
  }
  // flows.test.ts and logout.test.ts show these.
  for (const name of [
    'dpop_signing_alg_values_supported',
    'backchannel_logout_supported',
    'backchannel_logout_session_supported',
  ])
    told(name)
  assert.deepEqual([...untold], [], 'every member is looked at')
})
