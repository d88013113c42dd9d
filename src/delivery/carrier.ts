import type { Message } from '../domain/message.ts'

export interface Carrier {
  /**
   * Carries one message out. Throws Undeliverable where trying again is useless, anything else where it is
   * not.
   */
  carry(message: Message, id: string): Promise<void>
  /** Lets go of connections that are kept open. */
  close(): Promise<void>
}

export const nothingToClose = async (): Promise<void> => undefined

/** The other side has refused it for good. */
export class Undeliverable extends Error {}
