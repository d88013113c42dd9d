import type { Requester } from '../../engine/request-context.ts'

const resendSeconds = 30

/** In how many seconds a page offers to send again what was sent for an open challenge. */
export const resendWait = ({ now }: Requester, begun: { begunAt: number } | undefined): number =>
  begun === undefined ? 0 : Math.max(0, resendSeconds - Math.floor((now - begun.begunAt) / 1000))
