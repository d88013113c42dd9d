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

/** Identifies a key without revealing its secret. */
const beginningOf = (lookup: string | null): string | null => lookup && prefix + lookup.slice(0, 6)

const isInForce = ({ expiresAt }: Data, now: number): boolean => expiresAt === null || expiresAt > now

/**
 * An API key: sent with each request, or exchanged for a short-lived token. It authenticates no person, and
 * cannot sign in. Its secret is random, so a plain hash protects it.
 */
export const apiKey: MethodDefinition<Settings, Data, State, Answer> = {
  id: 'api-key',
  canClaim: claiming({ amr: [], factors: [] }),
  offered: false,
  settings,
  data,
  state,
  answer,
  form,
  words,
  offer: () => undefined,

  prove: async () => ({ outcome: 'refused', reason: 'not_of_a_person' }),

  bearer: {
    prefix,
    lookupOf: (token) => readKey(token)?.lookup,
    check({ now, secrets }, { data }, token) {
      const parts = readKey(token)
      return parts && secrets.matches(parts.secret, data.secretHash) && isInForce(data, now)
        ? { scope: data.scope, expiresAt: data.expiresAt }
        : undefined
    },
  },

  enrol: {
    holds: 'many',
    answer: enrolAnswer,
    async finish({ random, secrets, now, credentials, locale }, _state, answer) {
      const {
        name,
        scope,
        expires_in_days: days,
        replaces,
        overlap_hours: hours,
      } = answer as unknown as EnrolAnswer
      const former = credentials.find(({ id }) => id === replaces)
      if (replaces !== undefined && !former) {
        return {
          outcome: 'refused',
          errors: [{ field: '/replaces', code: 'unknown', message: words[locale].replaces as string }],
          notes: {},
        }
      }
      const { key, lookup, secret } = newKey(random)
      const data: Data = {
        secretHash: secrets.hash(secret),
        scope: scope ?? '',
        expiresAt: now + (days ?? daysDefault) * 24 * hour,
      }
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
      return {
        outcome: 'enrolled',
        credential: { lookup, name, data },
        notes: { key },
        proves: false,
        updates,
      }
    },
  },
  describe: ({ scope, expiresAt }, lookup) => ({
    begins_with: beginningOf(lookup),
    scope,
    expires_at: expiresAt === null ? null : new Date(expiresAt).toISOString(),
  }),
}
