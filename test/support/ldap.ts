import type { Connection } from '../../src/domain/connection.ts'
import type { OrganisationId } from '../../src/domain/id.ts'
import { addConnection } from '../../src/engine/connections/connections.ts'
import type { Reply } from './client.ts'
import type { TestServer } from './fixture.ts'
import { baseDn, type Entries, type Slapd, startSlapd } from './slapd.ts'
import { answerMethod, beginAttempt } from './users.ts'

const people = `ou=Users,${baseDn}`
const groups = `ou=Groups,${baseDn}`
/** A security identifier whose last part is given (MS-DTYP §2.4.2). */
const sidEnding = (rid: number): Buffer => {
  const sid = Buffer.from('0105000000000005150000001111111122222222333333330000000000', 'hex').subarray(0, 28)
  sid.writeUInt32LE(rid, 24)
  return sid
}

export const dnOf = (cn: string): string => `cn=${cn.replaceAll(',', '\\,')},${people}`

/** An account of the kind that Active Directory has; the password is `pw-` and its name. */
export const directoryUser = (
  login: string,
  cn: string,
  guid: number,
  more: Entries[string] = {},
): Entries => ({
  [dnOf(cn)]: {
    ...{ objectClass: 'user', cn, sn: cn, displayName: cn, sAMAccountName: login },
    ...{ userPrincipalName: `${login}@corp.example`, mail: `${login}.mail@corp.example` },
    ...{ userAccountControl: '512', accountExpires: '9223372036854775807', pwdLastSet: '133500000000000000' },
    ...{ objectGUID: Buffer.alloc(16, guid), objectSid: sidEnding(1000 + guid), primaryGroupID: '513' },
    userPassword: `pw-${login}`,
    ...more,
  },
})

/** Of one test process, which ends it: for tests that change nothing there. */
export const sharedSlapd = (): Promise<Slapd> => {
  shared ??= startSlapd({ after: (end) => process.once('exit', end as () => void) }, company)
  return shared
}
let shared: Promise<Slapd> | undefined

const group = (cn: string, members: string[], more: Entries[string] = {}): Entries => ({
  [`cn=${cn},${groups}`]: { objectClass: 'group', cn, member: members, ...more },
})
const groupDn = (cn: string): string => `cn=${cn},${groups}`

/** Of `examples/node/client.ts`. */
const examplePassword = 'copper lantern under the pier'

/** A company, with the accounts and groups that directories have. */
export const company: Entries = {
  [people]: { objectClass: 'organizationalUnit', ou: 'Users' },
  [groups]: { objectClass: 'organizationalUnit', ou: 'Groups' },
  ...directoryUser('akim', 'Ada Kim', 1),
  ...directoryUser('blee', 'Bo (Temp) Lee', 2, { pwdLastSet: '0' }),
  ...directoryUser('dcho', 'Cho, Dana', 3, { userAccountControl: '514' }),
  ...directoryUser('eahn', 'Eun*Star Ahn', 4, { userAccountControl: '66048', pwdLastSet: '0' }),
  ...directoryUser('gone', 'Gone Park', 5, { accountExpires: '133000000000000000' }),
  ...directoryUser('ckim', '김철수', 6),
  ...directoryUser('kim', 'Kim', 9, { userPassword: examplePassword }),
  ...directoryUser('twin', 'First Twin', 7),
  ...directoryUser('other', 'Second Twin', 8, { mail: 'twin' }),
  ...group('Engineers', [dnOf('Ada Kim'), dnOf('김철수')]),
  ...group('Everyone', [groupDn('Engineers')]),
  ...group('Loop A', [groupDn('Loop B')]),
  ...group('Loop B', [groupDn('Loop A'), dnOf('Ada Kim')]),
  ...group('Domain Users', [dnOf('Gone Park')], { objectSid: sidEnding(513) }),
}

/** Connects the directory, as an operator would. */
export const connectLdap = (
  { running: { engine } }: TestServer,
  { ca, ldaps, serviceDn, servicePassword }: Slapd,
  given: {
    slug?: string
    preset?: string
    organisationId?: OrganisationId
    domains?: string[]
    settings?: Record<string, unknown>
  } = {},
): Promise<Connection> => {
  const { settings = {}, ...rest } = given
  return addConnection(engine, {
    ...{ preset: 'active-directory', slug: 'corp', clientId: serviceDn, secret: servicePassword, ...rest },
    settings: { urls: [ldaps], ca, base_dn: baseDn, ...settings },
    actor: 'test',
  })
}

/** One attempt by the API, and its answer. */
export async function signInLdap(
  app: TestServer,
  answer: { username: string; password: string; connection?: string },
  login_hint?: string,
): Promise<Reply> {
  const { id } = await beginAttempt(app, { purpose: 'sign-in', ...(login_hint && { login_hint }) })
  return answerMethod(app, id, 'ldap', answer)
}
