import type { FastifyReply, FastifyRequest } from 'fastify'
import type { AttemptRequest } from '../../domain/attempt.ts'
import type { Session } from '../../domain/session.ts'
import type { Engine } from '../../engine/engine.ts'
import { openAttempt, plainRequest } from '../../engine/sign-in/open-attempt.ts'
import { keepBrowser } from '../caller/browser-cookie.ts'
import { requesterOf } from '../caller/requester.ts'
import { type Destination, pathOn } from './destination.ts'

/** Where the user of a session proves more, and then continues. `anew`: what was proved does not count. */
export async function stepUpPath(
  engine: Engine,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  given: { session: Session; asked: Partial<AttemptRequest>; anew: boolean; destination: Destination },
): Promise<string> {
  const { session, asked, anew, destination } = given
  const { attempt } = await openAttempt(engine, {
    purpose: 'step-up',
    request: { ...plainRequest, ...asked },
    requester: requesterOf(engine, request),
    browser: keepBrowser(engine, request, reply),
    ...{ session, anew },
  })
  return pathOn(`/signin/${attempt.id}`, destination)
}
