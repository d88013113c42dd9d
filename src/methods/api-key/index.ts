import type { CredentialUpdate } from '../../domain/credential.ts'
import { claiming } from '../../domain/evidence.ts'
import type { MethodDefinition } from '../../domain/method.ts'
import { form } from './form.ts'
import {
  type Answer,
  answer,
  type Data,
  data,
  type EnrolAnswer,
  enrolAnswer,
  type Settings,
  type State,
  settings,
  state,
} from './schema.ts'
import { newKey, prefix, readKey } from './verify.ts'
import { words } from './words.ts'

const daysDefault = 90
const overlapHoursDefault = 24
const hour = 3_600_000

const isInForce = ({ expiresAt }: Data, now: number): boolean => expiresAt === null || expiresAt > now

/** A key for a program: exchanged for a session, or sent with each request. Its secret is random, so that a plain hash keeps it. */
export const apiKey: MethodDefinition<Settings, Data, State, Answer> = {
  id: 'api-key',
  canClaim: claiming({ amr: ['swk'], factors: ['possession'], standsAlone: true }),
  offered: false,
  settings,
  data,
  state,
  answer,
  form,
  words,
  offer: () => undefined,

  async prove({ findByLookup, secrets, now }, _state, { key }) {
    const parts = readKey(key)
    const credential = parts && (await findByLookup(parts.lookup))
    if (!parts || !credential) return { outcome: 'refused', reason: 'unknown_key' }
    if (!secrets.matches(parts.secret, credential.data.secretHash)) return { outcome: 'refused', reason: 'wrong' }
    if (!isInForce(credential.data, now)) return { outcome: 'refused', reason: 'expired' }
    return { outcome: 'proved', by: { credential }, claims: apiKey.canClaim }
  },

  bearer: {
    prefix,
    lookupOf: (token) => readKey(token)?.lookup,
    check({ now, secrets }, { data }, token) {
      const parts = readKey(token)
      return parts && secrets.matches(parts.secret, data.secretHash) && isInForce(data, now) ? { scope: data.scope } : undefined
    },
  },

  enrol: {
    holds: 'many',
    answer: enrolAnswer,
    async finish({ random, secrets, now, credentials, locale }, _state, answer) {
      const { name, scope, expires_in_days: days, replaces, overlap_hours: hours } = answer as unknown as EnrolAnswer
      const former = credentials.find(({ id }) => id === replaces)
      if (replaces !== undefined && !former) {
        return {
          outcome: 'refused',
          errors: [{ field: '/replaces', code: 'unknown', message: words[locale].replaces as string }],
          notes: {},
        }
      }
      const { key, lookup, secret } = newKey(random)
      const data: Data = { secretHash: secrets.hash(secret), scope: scope ?? '', expiresAt: now + (days ?? daysDefault) * 24 * hour }
      const updates: CredentialUpdate<Data>[] = former
        ? [
            {
              id: former.id,
              revision: former.revision,
              data: { ...former.data, expiresAt: now + (hours ?? overlapHoursDefault) * hour },
              win: 'must',
            },
          ]
        : []
      return { outcome: 'enrolled', credential: { lookup, name, data }, notes: { key }, proves: false, updates }
    },
  },
  describe: ({ scope, expiresAt }) => ({ scope, expires_at: expiresAt === null ? null : new Date(expiresAt).toISOString() }),
}
