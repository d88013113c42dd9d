// A page of an application, on an origin of its own, that signs people in by every method a browser can
// answer.
const sumun = new URLSearchParams(location.search).get('sumun') ?? 'http://localhost:8000'
const $ = (id) => document.getElementById(id)
const say = (text) => {
  $('log').textContent = text
}
let attempt
let token

async function call(path, body) {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) }
  const response = await fetch(sumun + path, {
    method: body ? 'POST' : 'GET',
    headers,
    ...(body && { body: JSON.stringify(body) }),
  })
  const reply = await response.json()
  if (!response.ok) throw new Error(reply.detail ?? reply.title)
  return reply
}

async function begin() {
  const email = $('email').value
  attempt = (await call('/v1/attempts', { purpose: 'sign-in', ...(email && { login_hint: email }) })).id
}

const challengeOf = async (method) => (await call(`/v1/attempts/${attempt}/${method}`, {})).challenge
const answer = async (method, given) => next(await call(`/v1/attempts/${attempt}/${method}/answer`, given))

/** Done, or what else is asked for: a field for a code, or the browser's own prompt. */
function next(reply) {
  if (reply.status === 'done') {
    token = reply.access_token
    $('add-passkey').hidden = $('add-totp').hidden = false
    $('further').replaceChildren()
    const { acr, amr } = JSON.parse(atob(token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/')))
    return say(`signed in: acr ${acr}, amr ${amr.join(' ')}`)
  }
  const buttons = reply.offers.map(({ method }) => {
    const button = Object.assign(document.createElement('button'), { type: 'button', textContent: method })
    button.onclick = run(() => (method === 'passkey' ? passkey() : code(method)))
    return button
  })
  $('further').replaceChildren('One more: ', ...buttons)
}

async function code(method) {
  await challengeOf(method)
  const input = Object.assign(document.createElement('input'), {
    id: 'code',
    autocomplete: 'one-time-code',
    inputMode: 'numeric',
  })
  const label = Object.assign(document.createElement('label'), { textContent: 'Code' })
  const button = Object.assign(document.createElement('button'), {
    type: 'button',
    id: 'send',
    textContent: 'Go on',
  })
  button.onclick = run(() => answer(method, { code: input.value }))
  label.append(input)
  $('further').replaceChildren(label, button)
  input.focus()
}

async function passkey() {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(await challengeOf('passkey'))
  const credential = await navigator.credentials.get({ publicKey })
  await answer('passkey', credential.toJSON())
}

const run = (work) => () => work().catch((error) => say(error.message))

$('form').onsubmit = (event) => {
  event.preventDefault()
  run(async () => {
    await begin()
    await answer('password', { password: $('password').value })
  })()
}
$('passkey').onclick = run(async () => {
  await begin()
  await passkey()
})
$('mail').onclick = run(async () => {
  await begin()
  await code('email-code')
})
$('add-passkey').onclick = run(async () => {
  const { challenge } = await call('/v1/me/credentials/passkey', {})
  const credential = await navigator.credentials.create({
    publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(challenge),
  })
  await call('/v1/me/credentials/passkey/answer', credential.toJSON())
  say('the passkey is set up')
})
$('add-totp').onclick = run(async () => {
  const { challenge } = await call('/v1/me/credentials/totp', {})
  $('qr').innerHTML = challenge.qr_svg
  const code = prompt('Scan the picture, then type the code')
  await call('/v1/me/credentials/totp/answer', { code })
  $('qr').replaceChildren()
  say('the app is set up')
})
