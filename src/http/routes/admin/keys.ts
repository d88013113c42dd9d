import { Type } from 'typebox'
import { toTimestamp } from '../../../domain/clock.ts'
import { Problem } from '../../../domain/problem.ts'
import { type SigningKey, signingAlgorithms, signingKeyStates } from '../../../domain/signing-key.ts'
import { revokeSigningKey, rotateSigningKeys } from '../../../engine/keys/rotate-keys.ts'
import { operator } from '../../caller/guards.ts'
import type { HttpContext } from '../../context.ts'
import { noBody, nullable, timestamp } from '../../schema/schemas.ts'
import { route } from '../../server/route.ts'

const keySchema = Type.Object(
  {
    kid: Type.String(),
    algorithm: Type.Enum([...signingAlgorithms]),
    state: Type.Enum([...signingKeyStates]),
    created_at: timestamp('When it was made'),
    current_since: nullable(timestamp('Since when it signs')),
  },
  { $id: 'SigningKey', description: 'A signing key; its private key is never sent' },
)
const keyList = Type.Object({ keys: Type.Array(keySchema) })
const keysMax = 200
const changes = { tag: 'admin', guard: operator('changes') } as const

/** The keys that tokens are signed with. */
export function adminKeyRoutes(context: HttpContext): void {
  const { engine } = context
  const keys = async () => ({ keys: (await engine.store.signingKeys.listAll(keysMax)).map(presentKey) })

  route(context, 'GET /v1/admin/keys', {
    operationId: 'listSigningKeys',
    tag: 'admin',
    summary: 'Signing keys',
    guard: operator('reads'),
    reply: keyList,
    handler: keys,
  })

  route(context, 'POST /v1/admin/keys/rotate', {
    ...changes,
    operationId: 'rotateSigningKeys',
    summary: 'Make the next key of each algorithm the current one',
    body: noBody,
    reply: keyList,
    errors: ['conflict'],
    async handler({ granted: { actor, acting } }) {
      for (const { algorithm } of engine.keyRing.keys().filter(({ state }) => state === 'current'))
        if (!(await rotateSigningKeys(acting, { actor, algorithm }))) throw new Problem('conflict')
      return keys()
    },
  })

  route(context, 'POST /v1/admin/keys/:kid/revoke', {
    ...changes,
    operationId: 'revokeSigningKey',
    summary: 'Revoke a key at once: tokens signed with it are refused',
    params: Type.Object({ kid: Type.String({ maxLength: 64 }) }),
    body: noBody,
    reply: keyList,
    errors: ['not_found', 'conflict'],
    async handler({ params: { kid }, granted: { actor, acting } }) {
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
