import { hashSecret } from '../../crypto/equal.ts'
import { UniqueViolation } from '../../store/database.ts'
import { draftTicket } from '../tickets/draft-ticket.ts'
import type { OrganisationNeeds, OrganisationTransaction } from './needs.ts'

/** What is done once, whichever node comes first. */
interface Turn {
  task: string
  subject: string
  /** Of those that follow each other. */
  number: string | number
  /** How long it is remembered. */
  lifetimeSeconds: number
}

/** Runs `work` in the transaction that takes the turn. False if it was taken. */
export async function inTurn(
  engine: OrganisationNeeds,
  { task, subject, number, lifetimeSeconds }: Turn,
  work: (tx: OrganisationTransaction) => Promise<void> = async () => undefined,
): Promise<boolean> {
  const turn = draftTicket(engine, {
    ...{ purpose: 'turn', subject, lifetimeSeconds, now: engine.clock.now() },
    secretHash: hashSecret(`turn ${task} ${subject} ${number}`),
  })
  const taking = engine.store.transaction(async (tx) => {
    await tx.tickets.insert(turn)
    await work(tx)
  })
  return taking.then(
    () => true,
    (error) => {
      if (error instanceof UniqueViolation) return false
      throw error
    },
  )
}
