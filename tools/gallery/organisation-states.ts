import type { Organisation } from '../../src/domain/organisation.ts'
import { organisationChoicePage } from '../../src/pages/organisations/choice-page.ts'
import { joinPage } from '../../src/pages/organisations/join-page.ts'
import { myOrganisationsPage } from '../../src/pages/organisations/my-organisations-page.ts'
import { organisationPage } from '../../src/pages/organisations/organisation-page.ts'
import { address, now, organisationOf, personOf, siteOf } from './samples.ts'
import type { StatesIn } from './state.ts'

const id = 'org_01m8nk0d50e7dv5tdwwmeapcqa'
const day = 86_400_000

/** Organisations: the account's own, an admin's page, and invitations. */
export const organisationStates: StatesIn = (locale) => {
  const name = organisationOf(locale)
  const reader = { locale, zone: 'Asia/Seoul' }
  const invited = { locale, organisation: name, address: 'minji.kim@hangang-electric.example' }
  const organisation: Organisation = {
    ...{ id, slug: 'hangang', name, state: 'active', policy: {}, brand: null },
    ...{ revision: 1, createdAt: now, updatedAt: now },
  }
  const claim = {
    organisationId: id,
    ...{ token: 'n8dLq2Vf0bYx3Rk9TzWm5cHs', checkedAt: null, missingSince: null, createdAt: now },
  } as const
  const own = {
    acs: 'https://id.example.com/v1/callback/hangang',
    entityId: 'https://id.example.com/v1/connections/hangang/metadata',
  }
  const provider = { connections: [], isRequired: false, own }
  const page = { reader, organisation, provider, next: null, fault: null, said: null } as const
  return {
    organisations: myOrganisationsPage({
      ...{ locale, fault: null, said: 'joined' },
      organisations: [
        { id, name, roles: ['admin', 'billing'], isAdmin: true },
        { id: 'org_01m8nk0d50e7dv5tdwwmeapcqb', name: 'Namsan Boats', roles: [], isAdmin: false },
      ],
    }),
    'organisations-none': myOrganisationsPage({ locale, organisations: [], fault: null, said: null }),
    organisation: organisationPage({
      ...page,
      members: [
        {
          ...{ accountId: 'acc_1', label: personOf(locale), email: address, roles: ['admin'] },
          ...{ isAdmin: true, breakGlass: true, isOwn: true },
        },
        {
          ...{ accountId: 'acc_2', label: 'jiwoo.lee@hangang-electric.example', email: null },
          ...{ roles: ['billing', 'viewer'], isAdmin: false, breakGlass: false, isOwn: false },
        },
      ],
      next: 'acc_2',
      provider: {
        ...{ own, isRequired: true },
        connections: [{ id: 'con_1', slug: 'hangang', name, isEnabled: true }],
      },
      invitations: [
        { id: 'tkt_1', email: 'park@hangang-electric.example', roles: [], expiresAt: now + 6 * day },
      ],
      domains: [
        { ...claim, domain: 'hangang-electric.example', verifiedAt: now },
        { ...claim, domain: 'hangang.example', verifiedAt: null },
      ],
    }),
    'organisation-fault': organisationPage({
      ...{ ...page, fault: 'notProved', members: [], invitations: [] },
      domains: [{ ...claim, domain: 'hangang.example', verifiedAt: now, missingSince: now }],
    }),
    'organisation-choice': organisationChoicePage({
      ...{ locale, path: '/oauth/x', client: siteOf(locale) },
      organisations: [
        { id, name },
        { id: 'org_2', name: 'Namsan Boats' },
      ],
    }),
    'join-anonymous': joinPage({ ...invited, state: 'anonymous', path: '/join', token: 'x' }),
    join: joinPage({ ...invited, state: 'ask', path: '/account/join', account: address }),
    'join-other': joinPage({ ...invited, state: 'other', account: address, another: '/signin' }),
    'join-over': joinPage({ locale, state: 'over' }),
  }
}
