import { claiming } from '../../domain/evidence.ts'
import type { MethodDefinition } from '../../domain/method.ts'
import { form } from './form.ts'
import { type Answer, answer, type Data, data, type Settings, type State, settings, state } from './schema.ts'
import { matchingStep, otpauthUri, periodSeconds } from './verify.ts'
import { words } from './words.ts'

const secretBytes = 20 // RFC 4226 §4 R6
const enrolSeconds = 900
const enrolTries = 10 // clock drift, and codes that change while they are typed
const importedSecret = /^[A-Z2-7]{10,256}$/
const algorithms = ['SHA1', 'SHA256', 'SHA512']
const decoy = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'

/** A code from an app that shares a secret with us (RFC 6238). */
export const totp: MethodDefinition<Settings, Data, State, Answer> = {
  id: 'totp',
  canClaim: claiming({ amr: ['otp'], factors: ['possession'] }),
  offered: true,
  settings,
  data,
  state,
  answer,
  form,
  words,
  offer: ({ credentials }) =>
    credentials.length > 0 ? { claims: totp.canClaim, identifier: null } : undefined,

  async prove({ credentials, sealing, now, limits }, _state, { code }) {
    const clockSteps = limits.clockStepsMax
    if (credentials.length === 0)
      await matchingStep({ secret: decoy, algorithm: 'SHA1', digits: 6 }, { code, now, clockSteps })
    for (const credential of credentials) {
      const { secretSealed, ...kept } = credential.data
      const step = await matchingStep(
        { ...kept, secret: sealing.open(secretSealed, credential.id) },
        { code, now, clockSteps },
      )
      if (step === null) continue
      if (step <= kept.lastStep) return { outcome: 'refused', reason: 'already_used' }
      const update = {
        id: credential.id,
        revision: credential.revision,
        data: { ...credential.data, lastStep: step },
        win: 'must',
      } as const
      return { outcome: 'proved', by: { credential }, claims: totp.canClaim, update }
    }
    return { outcome: 'refused', reason: credentials.length === 0 ? 'no_credential' : 'wrong' }
  },

  enrol: {
    holds: 'many',
    answer,
    page: {
      form,
      shows: [
        { part: 'qr_svg', kind: 'image' },
        { part: 'secret', kind: 'secret' },
      ],
    },
    async begin({ random, settings: { algorithm, digits }, account, siteName }) {
      const [{ default: encodeQR }, { Secret }] = await Promise.all([import('qr'), import('otpauth')])
      const bytes = new Uint8Array(random.bytes(secretBytes))
      const secret = new Secret({ buffer: bytes.buffer }).base32
      const label = account.identifiers[0]?.display ?? account.name ?? account.id
      const uri = await otpauthUri({ secret, algorithm, digits }, { issuer: siteName, label })
      return {
        challenge: { secret, uri, qr_svg: encodeQR(uri, 'svg') },
        state: { secret },
        expiresInSeconds: enrolSeconds,
        tries: enrolTries,
      }
    },
    async finish(
      { now, limits, settings: { algorithm, digits }, sealing, credentialId, locale },
      { secret = '' },
      { code },
    ) {
      const lastStep = await matchingStep(
        { secret, algorithm, digits },
        { code, now, clockSteps: limits.clockStepsMax },
      )
      if (lastStep === null) {
        return {
          outcome: 'refused',
          errors: [{ field: '/code', code: 'wrong', message: words[locale].wrong as string }],
          notes: {},
        }
      }
      const data = { secretSealed: sealing.seal(secret, credentialId), algorithm, digits, lastStep }
      return { outcome: 'enrolled', credential: { lookup: null, name: null, data }, notes: {}, proves: true }
    },
  },
  imports: {
    takes: 'authenticator',
    make({ credentialId, sealing }, given) {
      if (given.type !== 'authenticator') return 'authenticator_unsupported'
      const { algorithm, digits } = given
      const secret = given.secret.toUpperCase().replaceAll(/[\s=-]/g, '')
      if (!importedSecret.test(secret)) return 'authenticator_malformed'
      const isSupported = given.periodSeconds === periodSeconds && algorithms.includes(algorithm)
      if (!isSupported || ![6, 7, 8].includes(digits)) return 'authenticator_unsupported'
      const data = { secretSealed: sealing.seal(secret, credentialId), algorithm, digits, lastStep: 0 }
      return { id: credentialId, lookup: null, name: null, data }
    },
  },
}
