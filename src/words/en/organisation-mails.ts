import type { OrganisationMailWords } from '../language.ts'

/** Mails about organisations. */
export const organisationMails: OrganisationMailWords = {
  invited: '{organisation} invites you',
  invitedText:
    'You are invited to join {organisation} at {site}. Open the link to join. It works once, for {days} days.',
  invitedAdvice: 'If you do not know who this is, do nothing. Do not forward the link.',
  join: 'See the invitation',
  domainLost: '{about} is no longer verified',
  domainLostText:
    'The TXT record of {about} is gone, so the domain no longer belongs to {organisation}. Add the record again, then verify the domain.',
  secretExpires: 'The key of {about} expires on {day}',
  secretExpiresText:
    'Sign-in by {about} stops on {day}, when its certificate or secret expires. Put a new one in place before that.',
  open: 'Open the organisation',
}
