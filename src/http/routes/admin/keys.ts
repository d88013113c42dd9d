import { Type } from 'typebox'
import { toTimestamp } from '../../../domain/clock.ts'
import { Problem } from '../../../domain/problem.ts'
import { type SigningKey, signingAlgorithms, signingKeyStates } from '../../../domain/signing-key.ts'
import { revokeSigningKey, rotateSigningKeys } from '../../../engine/keys/rotate-keys.ts'
import { adminCaller } from '../../caller/admin-caller.ts'
import type { HttpContext } from '../../context.ts'
import { nullable, timestamp } from '../../schema/schemas.ts'
import { changing, reading, shared } from './paging.ts'

const keySchema = Type.Object({
  kid: Type.String(),
  algorithm: Type.Enum([...signingAlgorithms]),
  state: Type.Enum([...signingKeyStates]),
  created_at: timestamp('When it was made'),
  current_since: nullable(timestamp('Since when it signs')),
})
const keyList = Type.Object({ keys: Type.Array(keySchema) })
const keysMax = 200
const nothing = Type.Union([Type.Object({}, { additionalProperties: false }), Type.Null()])

/** The keys that tokens are signed with. */
export function adminKeyRoutes({ app, engine }: HttpContext): void {
  const keys = async () => ({ keys: (await engine.store.signingKeys.listAll(keysMax)).map(presentKey) })

  app.get('/v1/admin/keys', {
    schema: { ...shared, summary: 'Signing keys', response: { 200: keyList, ...reading() } },
    async handler(request) {
      await adminCaller(engine, request, 'reads')
      return keys()
    },
  })

  app.post('/v1/admin/keys/rotate', {
    schema: {
      ...shared,
      summary: 'Let the next key of each algorithm sign from now on',
      body: nothing,
      response: { 200: keyList, ...changing('conflict') },
    },
    async handler(request) {
      const { actor, acting } = await adminCaller(engine, request, 'changes')
      for (const { algorithm } of engine.keyRing.keys().filter(({ state }) => state === 'current'))
        if (!(await rotateSigningKeys(acting, { actor, algorithm }))) throw new Problem('conflict')
      return keys()
    },
  })

  app.post('/v1/admin/keys/:kid/revoke', {
    schema: {
      ...shared,
      summary: 'Take a key out of use at once: whatever it signed is refused',
      params: Type.Object({ kid: Type.String({ maxLength: 64 }) }),
      body: nothing,
      response: { 200: keyList, ...changing('not_found', 'conflict') },
    },
    async handler(request) {
      const { actor, acting } = await adminCaller(engine, request, 'changes')
      const { kid } = request.params as { kid: string }
      if (!engine.keyRing.keys().some((key) => key.kid === kid)) throw new Problem('not_found')
      if (!(await revokeSigningKey(acting, { actor, kid }))) throw new Problem('conflict')
      return keys()
    },
  })
}

const presentKey = ({ kid, algorithm, state, createdAt, currentSince }: SigningKey) => ({
  kid,
  algorithm,
  state,
  created_at: toTimestamp(createdAt),
  current_since: currentSince === null ? null : toTimestamp(currentSince),
})
