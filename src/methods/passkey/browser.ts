/** Asks the browser, with the challenge as it came (WebAuthn Level 3 §5.1.10). */
export const browserScript = `async (challenge, options) => {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(challenge)
  return (await navigator.credentials.get({ publicKey, ...options })).toJSON()
}`

/** Has the browser make one (§5.1.9). */
export const enrolScript = `async (challenge) => {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(challenge)
  return (await navigator.credentials.create({ publicKey })).toJSON()
}`
