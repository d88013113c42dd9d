import { type Static, Type } from 'typebox'
import { accountRoles } from './account.ts'
import { assurances } from './assurance.ts'
import { identifierKinds } from './identifier.ts'

const requirement = Type.Object(
  {
    acr: Type.Enum([...assurances], { description: 'The least assurance' }),
    phishingResistant: Type.Optional(
      Type.Boolean({ description: 'One proof must be phishing-resistant, such as a passkey' }),
    ),
  },
  { additionalProperties: false },
)
const operation = Type.Object(
  {
    acr: Type.Enum(['best', ...assurances], {
      description: '`best`: as much as what the account has set up can prove',
    }),
    ageSecondsMax: Type.Integer({ minimum: 30, maximum: 86_400, description: 'How old the proof may be' }),
  },
  { additionalProperties: false },
)

/** Operations of a signed-in user that may require recent or stronger proof. */
export const operations = ['credentials', 'identifiers', 'account'] as const
export type Operation = (typeof operations)[number]

/** The rule as data. `docs/policy.md` is made from the descriptions. */
export const policyDocument = Type.Object(
  {
    signIn: Type.Object(
      {
        required: Type.Enum([...assurances], { description: 'What every sign-in needs' }),
        roles: Type.Object(
          Object.fromEntries(accountRoles.map((role) => [role, Type.Optional(requirement)])),
          {
            additionalProperties: false,
            description:
              'What a role needs as well; `helpdesk` and `auditor` need what `operator` needs unless they are named. An account without methods that could reach it is signed in without the permissions of the role',
          },
        ),
        clients: Type.Record(Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' }), requirement, {
          description: 'What a client needs, by its id',
        }),
        newDevice: Type.Union([requirement, Type.Null()], {
          description: 'What is needed from a device the account has not used before',
        }),
        secondFactor: Type.Enum(['when-enrolled', 'never'], {
          description: '`when-enrolled`: an account with a second factor is asked for it',
        }),
      },
      { additionalProperties: false },
    ),
    operations: Type.Object(
      { credentials: operation, identifiers: operation, account: operation },
      { additionalProperties: false },
    ),
    counts: Type.Object(
      {
        identifiers: Type.Array(Type.Enum([...identifierKinds]), {
          description: 'Kinds of addresses whose control counts as a proof (codes and links sent there)',
        }),
        notMethods: Type.Array(Type.String({ pattern: '^[a-z][a-z0-9-]{0,63}$' }), {
          description: 'Methods that prove nothing here',
        }),
      },
      { additionalProperties: false },
    ),
    limits: Type.Object(
      {
        codeSecondsMax: Type.Integer({
          minimum: 30,
          maximum: 3600,
          description: 'Lifetime of a code or link that is sent',
        }),
        clockStepsMax: Type.Integer({
          minimum: 0,
          maximum: 1,
          description: 'Time steps that a code of an authenticator app may be off',
        }),
        refreshGraceSecondsMax: Type.Integer({
          minimum: 0,
          maximum: 60,
          description: 'How long a used refresh token gets the same answer again',
        }),
        rememberedDays: Type.Integer({
          minimum: 0,
          maximum: 365,
          description: 'How long a browser may be remembered; 0: never',
        }),
      },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false },
)
export type PolicyDocument = Static<typeof policyDocument>

const base: PolicyDocument = {
  signIn: {
    required: 'aal1',
    roles: { operator: { acr: 'aal2' } },
    clients: {},
    newDevice: null,
    secondFactor: 'when-enrolled',
  },
  operations: {
    credentials: { acr: 'best', ageSecondsMax: 600 },
    identifiers: { acr: 'best', ageSecondsMax: 600 },
    account: { acr: 'best', ageSecondsMax: 600 },
  },
  counts: { identifiers: ['email', 'phone'], notMethods: [] },
  limits: { codeSecondsMax: 600, clockStepsMax: 1, refreshGraceSecondsMax: 60, rememberedDays: 30 },
}

/** The documents that come with us, by name. */
export const presets: Readonly<Record<'default' | 'nist-aal2' | 'asvs-l3', PolicyDocument>> = {
  default: base,
  // NIST SP 800-63B-4 §2.2, §3.1.3.1: two kinds of factor for every account; an e-mail address is not an
  // out-of-band authenticator.
  'nist-aal2': {
    ...base,
    signIn: { ...base.signIn, required: 'aal2' },
    counts: { identifiers: ['phone'], notMethods: [] },
  },
  // OWASP ASVS 5.0: 6.3.3 two factors, one of hardware and safe from phishing, 6.3.6 and 6.6.1 no mail, no
  // telephone, 6.5.5 short codes.
  'asvs-l3': {
    ...base,
    signIn: {
      ...base.signIn,
      required: 'aal2',
      roles: { operator: { acr: 'aal2', phishingResistant: true } },
    },
    counts: { identifiers: [], notMethods: [] },
    limits: { codeSecondsMax: 60, clockStepsMax: 0, refreshGraceSecondsMax: 0, rememberedDays: 0 },
  },
}
