import type { Engine } from '../../engine/engine.ts'

const resendSeconds = 30

/** In how many seconds a page offers to send again what was sent for an open challenge. */
export const resendWait = ({ clock }: Engine, begun: { begunAt: number } | undefined): number =>
  begun === undefined ? 0 : Math.max(0, resendSeconds - Math.floor((clock.now() - begun.begunAt) / 1000))
