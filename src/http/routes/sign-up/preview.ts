import { Type } from 'typebox'
import { requesterOf } from '../../caller/requester.ts'
import type { HttpContext } from '../../context.ts'
import { previewPath } from '../../page/preview.ts'
import { nullable, operationOf } from '../../schema/schemas.ts'
import { route } from '../../server/route.ts'
import { methodsOfSignUp } from './sign-up-answers.ts'

const known = Type.Array(Type.String({ maxLength: 254 }), {
  maxItems: 8,
  description: 'What others know of the user, such as name and address',
})

/** Feedback on an answer while it is typed. It concerns no account, and nothing is kept. */
export function previewRoutes(context: HttpContext): void {
  const { engine } = context
  for (const { method, schema } of methodsOfSignUp(engine.methods.list)) {
    if (!method.enrol?.preview) continue
    route(context, `POST ${previewPath(method)}` as `${string} /${string}`, {
      operationId: operationOf('preview', method.id),
      tag: 'accounts',
      summary: `Rate, before it is chosen: ${method.words.en.label}`,
      description: 'For feedback while it is typed. It is not stored.',
      body: Type.Object(
        { [method.id]: schema, known: Type.Optional(known) },
        { additionalProperties: false },
      ),
      reply: Type.Object({
        score: Type.Integer({ minimum: 0, maximum: 4, description: 'From 0, the worst, to 4' }),
        accepted: Type.Boolean({ description: 'Whether it would be taken' }),
        label: Type.String({ description: 'The score in words' }),
        message: nullable(Type.String({ description: 'What would make it better' })),
      }),
      errors: ['busy'],
      async handler({ body, request }) {
        const { known = [], ...answer } = body as Record<string, unknown> & { known?: string[] }
        const { locale } = requesterOf(engine, request)
        const { score, isAccepted, label, message } = await engine.methods.rate(method, {
          answer,
          known,
          locale,
        })
        return { score, accepted: isAccepted, label, message }
      },
    })
  }
}
