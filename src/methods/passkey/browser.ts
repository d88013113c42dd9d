/** Asks the browser, with the challenge as it came (WebAuthn Level 3 §5.1.10). */
export const script = `async (challenge) => {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(challenge)
  return (await navigator.credentials.get({ publicKey })).toJSON()
}`
