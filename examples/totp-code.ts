import { Secret, TOTP } from 'otpauth'

/**
 * What an authenticator app would show: `npx node examples/totp-code.ts SECRET`. With `next`, the code of the
 * coming half minute, which is taken as well, since clocks may be off by a step.
 */
const [secret = '', when] = process.argv.slice(2)
const totp = new TOTP({ secret: Secret.fromBase32(secret) })
console.log(totp.generate({ timestamp: Date.now() + (when === 'next' ? 30_000 : 0) }))
