import { Type } from 'typebox'
import { toTimestamp } from '../../../domain/clock.ts'
import {
  acceptInvitation,
  type Invitation,
  inviteMember,
  listInvitations,
  resendInvitation,
  withdrawInvitation,
} from '../../../engine/organisations/invitations.ts'
import { presentMember, presentOrganisation } from '../../../engine/organisations/present-organisation.ts'
import { person } from '../../caller/guards.ts'
import { pageLocale } from '../../caller/locale.ts'
import type { HttpContext } from '../../context.ts'
import { mailedToken } from '../../page/mailed-token.ts'
import { idOf, locale, noBody, nothing } from '../../schema/schemas.ts'
import { route } from '../../server/route.ts'
import { doors, idParams } from './door.ts'
import { invitationSchema, memberSchema, organisationSchema, roles } from './schemas.ts'

const params = Type.Object({ id: idOf('org'), invitation: idOf('tkt') })
const present = ({ id, email, roles, invitedBy, createdAt, expiresAt }: Invitation) => ({
  ...{ id, email, roles: [...roles], invited_by: invitedBy },
  ...{ created_at: toTimestamp(createdAt), expires_at: toTimestamp(expiresAt) },
})

/** Invitations by mail. */
export function invitationRoutes(context: HttpContext): void {
  const { engine } = context
  for (const { base, tag, reads, changes, named } of doors) {
    route(context, `GET ${base}/:id/invitations`, {
      ...{ tag, guard: reads, params: idParams },
      operationId: named('list', 'Invitations'),
      summary: 'Open invitations, oldest first',
      reply: Type.Object({ invitations: Type.Array(invitationSchema) }),
      handler: async ({ granted: { organisation } }) => ({
        invitations: (await listInvitations(engine, organisation.id)).map(present),
      }),
    })

    route(context, `POST ${base}/:id/invitations`, {
      ...{ tag, guard: changes, params: idParams },
      operationId: named('invite', 'Member'),
      summary: 'Invite by mail',
      description:
        'The link works once, for a week, for an account that has confirmed the address; also where sign-up is closed.',
      body: Type.Object(
        {
          email: Type.String({ minLength: 3, maxLength: 254 }),
          roles: Type.Optional(roles),
          locale: Type.Optional(locale),
        },
        { additionalProperties: false },
      ),
      reply: invitationSchema,
      status: 201,
      errors: ['too_many_attempts', 'conflict'],
      async handler({ body, granted: { organisation, actor, acting }, request }) {
        const { email, roles = [], locale = pageLocale(request) } = body
        return present(await inviteMember(acting, { organisation, actor, email, roles, locale }))
      },
    })

    route(context, `POST ${base}/:id/invitations/:invitation/resend`, {
      ...{ tag, guard: changes, params },
      operationId: named('resend', 'Invitation'),
      summary: 'Send a new link; the former one no longer works',
      body: noBody,
      reply: invitationSchema,
      errors: ['too_many_attempts'],
      handler: async ({ params: { invitation: id }, granted: { organisation, actor, acting } }) =>
        present(await resendInvitation(acting, { organisation, id, actor })),
    })

    route(context, `DELETE ${base}/:id/invitations/:invitation`, {
      ...{ tag, guard: changes, params },
      operationId: named('withdraw', 'Invitation'),
      summary: 'Withdraw an invitation',
      reply: nothing('Its link no longer works'),
      async handler({ params: { invitation: id }, granted: { organisation, actor, acting } }) {
        await withdrawInvitation(acting, { organisation, id, actor })
      },
    })
  }

  route(context, 'POST /v1/me/organisations', {
    ...{ tag: 'organisations', guard: person },
    operationId: 'acceptInvitation',
    summary: 'Accept an invitation',
    body: Type.Object(mailedToken.properties, { additionalProperties: false }),
    reply: Type.Object({ organisation: organisationSchema, member: memberSchema }),
    status: 201,
    errors: ['challenge_not_open', 'invitation_of_another'],
    async handler({ body: { token }, granted: { account, acting } }) {
      const { organisation, member } = await acceptInvitation(acting, { token, account })
      return { organisation: presentOrganisation(organisation), member: presentMember(member) }
    },
  })
}
