import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { SoftwareAuthenticator } from './node/software-authenticator.ts'

/**
 * Stands in for a browser with a passkey at a terminal: `npx node examples/passkey-device.ts create|get
 * ORIGIN FILE`, with the server's reply on standard input. It keeps its key in FILE, and prints the answer.
 */
const [what, origin = '', file = ''] = process.argv.slice(2)
const { challenge } = JSON.parse(readFileSync(0, 'utf8'))
const device = new SoftwareAuthenticator(origin)
if (existsSync(file)) device.restore(readFileSync(file, 'utf8'))
const answer = what === 'create' ? device.register(challenge) : device.authenticate(challenge)
writeFileSync(file, device.save(), { mode: 0o600 })
console.log(JSON.stringify(answer))
