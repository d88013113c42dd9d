import { newOutboxId } from '../../domain/id.ts'
import type { Message } from '../../domain/message.ts'
import type { MessageNeeds, MessageTransaction } from './needs.ts'

/** Queues the sealed message in the outbox, in the caller's transaction (transactional outbox). */
export async function sendMessage(
  engine: MessageNeeds,
  tx: MessageTransaction,
  message: Message,
): Promise<void> {
  await put(engine, tx, message, 'waiting')
  engine.delivery.wake()
}

/** Costs the same as `sendMessage` and sends nothing; for unknown names. */
export const sendDecoy = (engine: MessageNeeds, tx: MessageTransaction, message: Message): Promise<void> =>
  put(engine, tx, message, 'decoy')

async function put(
  engine: MessageNeeds,
  tx: MessageTransaction,
  message: Message,
  state: 'waiting' | 'decoy',
): Promise<void> {
  const id = newOutboxId(engine)
  const messageSealed = engine.sealer.seal(JSON.stringify(message), `outbox/${id}`)
  await tx.outbox.insert({ id, channel: message.channel, state, messageSealed, now: engine.clock.now() })
}
