import { argon2Scheme } from './argon2.ts'
import { pbkdf2Scheme } from './pbkdf2.ts'
import type { HashScheme } from './scheme.ts'

const lengthMax = 4_096

/**
 * A password credential of Keycloak, as its exports hold it: JSON with `secretData` and `credentialData`,
 * which are JSON themselves, or with `hashedSaltedValue` beside them in older ones. The length of the key is
 * that of what is stored.
 */
export const keycloakScheme: HashScheme = {
  recognises: (hash) => schemeOf(hash) !== undefined,
  verify(password, hash) {
    const [scheme, text] = schemeOf(hash) as [HashScheme, string]
    return scheme.verify(password, text)
  },
}

interface Credential {
  algorithm: string
  iterations: number
  salt: string
  value: string
  additional: Record<string, unknown>
}

/** The same hash as its scheme writes it. */
function schemeOf(hash: string): [HashScheme, string] | undefined {
  const credential = hash.startsWith('{"') && hash.length <= lengthMax ? read(hash) : undefined
  if (!credential) return undefined
  const { algorithm, iterations, additional } = credential
  const [salt, value] = [withoutPadding(credential.salt), withoutPadding(credential.value)]
  const [, digest] = /^pbkdf2(?:-(sha256|sha512))?$/.exec(algorithm) ?? []
  const passlib = `$pbkdf2${digest === undefined ? '' : `-${digest}`}$${iterations}$${salt.replaceAll('+', '.')}$${value.replaceAll('+', '.')}`
  if (algorithm.startsWith('pbkdf2'))
    return pbkdf2Scheme.recognises(passlib) ? [pbkdf2Scheme, passlib] : undefined
  const first = (name: string): string => String([additional[name]].flat()[0] ?? '')
  const version = { '1.3': 19, '1.0': 16 }[first('version')]
  const phc = `$argon2${first('type')}$v=${version}$m=${first('memory')},t=${iterations},p=${first('parallelism')}$${salt}$${value}`
  return algorithm === 'argon2' && argon2Scheme.recognises(phc) ? [argon2Scheme, phc] : undefined
}

function read(hash: string): Credential | undefined {
  try {
    const { secretData, credentialData, ...outer } = JSON.parse(hash)
    const [secret, data] =
      secretData === undefined ? [outer, outer] : [inner(secretData), inner(credentialData)]
    const credential = {
      algorithm: data.algorithm,
      iterations: Number(data.hashIterations),
      salt: secret.salt,
      value: secret.value ?? secret.hashedSaltedValue,
      additional: data.additionalParameters ?? {},
    }
    const isWhole = [credential.algorithm, credential.salt, credential.value].every(
      (text) => typeof text === 'string',
    )
    return isWhole && Number.isInteger(credential.iterations) ? credential : undefined
  } catch {
    return undefined
  }
}

const inner = (value: unknown) => (typeof value === 'string' ? JSON.parse(value) : value)
const withoutPadding = (text: string): string => text.replace(/=+$/, '')
