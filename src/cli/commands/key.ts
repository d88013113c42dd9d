import { toTimestamp } from '../../domain/clock.ts'
import { Problem } from '../../domain/problem.ts'
import type { SigningKey } from '../../domain/signing-key.ts'
import { ensureSigningKeys, revokeSigningKey, rotateSigningKeys } from '../../engine/keys/rotate-keys.ts'
import { type Command, confirm, confirmation, table, withInstallation } from '../command.ts'

const keysMax = 100

const present = ({ kid, algorithm, state, createdAt, currentSince, previousSince }: SigningKey) => ({
  kid,
  algorithm,
  state,
  created_at: toTimestamp(createdAt),
  current_since: currentSince && toTimestamp(currentSince),
  previous_since: previousSince && toTimestamp(previousSince),
})

const list = (keys: readonly SigningKey[]) => {
  const data = keys.map(present)
  return {
    data: { keys: data },
    text: table(
      ['KID', 'ALGORITHM', 'STATE', 'CREATED'],
      data.map((key) => [key.kid, key.algorithm, key.state, key.created_at]),
    ),
  }
}

export const keyList: Command = {
  name: 'key list',
  summary: 'The signing keys and their states: next, current, previous, retired.',
  run: (input) =>
    withInstallation(input, async ({ engine }) => list(await engine.store.signingKeys.listAll(keysMax))),
}

export const keyRevoke: Command = {
  name: 'key revoke',
  summary:
    'Revoke a signing key at once, such as a stolen one. Tokens signed with it are refused: here within seconds, elsewhere once the key set is fetched again.',
  arguments: ['KID'],
  options: confirmation,
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      const [kid = ''] = input.arguments
      await ensureSigningKeys(engine)
      if (!engine.keyRing.keys().some((key) => key.kid === kid))
        throw new Problem('not_found', { detail: `no key ${kid} is in use; \`sumun key list\` lists them` })
      await confirm(
        input,
        `Access tokens signed with ${kid} are refused: clients have to refresh, or users to sign in again.`,
      )
      if (!(await revokeSigningKey(engine, { actor: 'cli', kid }))) throw new Problem('conflict')
      return list(await engine.store.signingKeys.listAll(keysMax))
    }),
}

export const keyRotate: Command = {
  name: 'key rotate',
  summary:
    'Make the next key of each algorithm the current one. Tokens of the former stay valid; running servers notice the change.',
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      await ensureSigningKeys(engine)
      for (const { algorithm } of engine.keyRing.keys().filter(({ state }) => state === 'current')) {
        if (!(await rotateSigningKeys(engine, { actor: 'cli', algorithm })))
          throw new Problem('conflict', {
            detail:
              'the next key was published less than five minutes ago, and verifiers may not have seen it yet; try again then',
          })
      }
      return list(await engine.store.signingKeys.listAll(keysMax))
    }),
}
