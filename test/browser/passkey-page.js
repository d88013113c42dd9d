// What a page does with passkeys: asks, lets the browser run the ceremony, and answers. Put into a page by
// `passkey.test.ts`.
async function call(path, body, token) {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) }
  return (await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) })).json()
}

globalThis.enrolPasskey = async (token) => {
  const { challenge } = await call('/v1/me/credentials/passkey', {}, token)
  try {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(challenge)
    const credential = await navigator.credentials.create({ publicKey })
    return await call('/v1/me/credentials/passkey/answer', credential.toJSON(), token)
  } catch (error) {
    return { refusedByBrowser: error.name }
  }
}

globalThis.signInWithPasskey = async ({ name, password }) => {
  const { id } = await call('/v1/attempts', { purpose: 'sign-in', ...(name && { login_hint: name }) })
  const first = password && (await call(`/v1/attempts/${id}/password/answer`, { password }))
  const { challenge } = await call(`/v1/attempts/${id}/passkey`, {})
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(challenge)
  const credential = await navigator.credentials.get({ publicKey })
  return { first: first?.status, ...(await call(`/v1/attempts/${id}/passkey/answer`, credential.toJSON())) }
}
