import type { AdapterPayload } from 'oidc-provider'
import type { Engine } from '../engine/engine.ts'

const toleratedSeconds = 2
const times = ['iat', 'exp', 'nbf', 'loginTs'] as const

/**
 * The library uses this machine's clock. Its times are stored in the shared clock of all nodes, and converted
 * back when read.
 */
export const toSharedTime = (engine: Engine, payload: AdapterPayload): AdapterPayload =>
  shifted(payload, -offsetSeconds(engine))
export const toLibraryTime = (engine: Engine, payload: AdapterPayload): AdapterPayload =>
  shifted(payload, offsetSeconds(engine))

function offsetSeconds(engine: Engine): number {
  const seconds = Math.round(engine.clockOffset() / 1000)
  return Math.abs(seconds) < toleratedSeconds ? 0 : seconds
}

function shifted(payload: AdapterPayload, seconds: number): AdapterPayload {
  if (seconds === 0) return payload
  const moved = times.flatMap((name) =>
    typeof payload[name] === 'number' ? [[name, payload[name] + seconds] as const] : [],
  )
  return { ...payload, ...Object.fromEntries(moved) }
}
