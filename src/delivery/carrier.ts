import type { Message } from '../domain/message.ts'

export interface Carrier {
  /**
   * Carries one message out. Throws Undeliverable if trying again is useless, anything else where it is
   * not.
   */
  carry(message: Message, id: string): Promise<void>
  /** Closes connections that are kept alive. */
  close(): Promise<void>
}

export const nothingToClose = async (): Promise<void> => undefined

/** Permanently refused by the receiving side. */
export class Undeliverable extends Error {}
