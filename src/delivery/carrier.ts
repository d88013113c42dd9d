import type { Message } from '../domain/message.ts'

/** Carries one message out. Throws Undeliverable where trying again is useless, anything else where it is not. */
export type Carrier = (message: Message, id: string) => Promise<void>

/** The other side has refused it for good. */
export class Undeliverable extends Error {}
