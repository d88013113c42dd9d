import { begin, prove, server, setUp, show, signUp } from './client.ts'
import { SoftwareAuthenticator } from './software-authenticator.ts'

// A passkey signs in without a name, and is two factors by itself. In a browser, navigator.credentials does
// what `device` does here.
const { token } = await signUp()
const device = new SoftwareAuthenticator(server)
await setUp('passkey', token, (options) => device.register(options))
show(await prove(await begin(), 'passkey', (options) => device.authenticate(options)))
