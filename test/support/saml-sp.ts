import { randomBytes } from 'node:crypto'
import { type Profile, SAML } from '@node-saml/node-saml'
import { addSamlApplication, type SamlApplicationChange } from '../../src/engine/clients/saml-applications.ts'
import { createOwnKey, readOwnKey } from '../../src/federation/saml/own-key.ts'
import type { TestServer } from './fixture.ts'

const signature = 'http://www.w3.org/2000/09/xmldsig#'
const bindings = 'urn:oasis:names:tc:SAML:2.0:bindings'

/** A service provider by node-saml. */
export interface SamlSp {
  entityId: string
  acs: string
  metadata(): string
  /** DER in base64 beside it. */
  key: { privatePem: string; certificate: string }
  /** The library, told of the server by its metadata. */
  saml: SAML
  /** Where a user is sent to sign in. */
  request(options?: {
    relayState?: string
    signs?: boolean
    forces?: boolean
    passive?: boolean
  }): Promise<string>
  /** What is said by the form that came back. Throws for what the library refuses. */
  read(fields: Record<string, string>): Promise<Profile>
  signOut(user: Profile): Promise<string>
}

/** Registers it by its metadata, as an operator would. */
export async function samlSp(
  app: TestServer,
  change: SamlApplicationChange & {
    slug?: string
    acs?: string
    entityId?: string
    /** Where it signs out; null if it does not. */
    logout?: string | null
  } = {},
): Promise<SamlSp> {
  const {
    slug = 'wiki',
    acs = 'https://wiki.example/acs',
    entityId = 'https://wiki.example/saml',
    logout = 'https://wiki.example/slo',
    ...rest
  } = change
  const key = readOwnKey(await createOwnKey('wiki.example', Date.now()))
  if (!key) throw new Error('no key')
  const pem = key.certificates[0] as string
  const certificate = pem.replaceAll(/-----[^-]+-----|\s/g, '')
  const leaving =
    logout === null
      ? ''
      : `<md:SingleLogoutService Binding="${bindings}:HTTP-Redirect" Location="${logout}"/>`
  const metadata = () =>
    `<?xml version="1.0"?><md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="${signature}" entityID="${entityId}"><md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:KeyDescriptor><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>${leaving}<md:AssertionConsumerService Binding="${bindings}:HTTP-POST" Location="${acs}" index="0"/></md:SPSSODescriptor></md:EntityDescriptor>`
  await addSamlApplication(app.running.engine, {
    ...{ slug, name: 'Wiki', metadata: { xml: metadata() }, actor: 'test' },
    ...rest,
  })
  const described = await app.get(`/saml/${slug}/metadata`)
  const of = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(described.body)?.[1] ?? ''
  const idpCert = /<ds:X509Certificate>([^<]*)</.exec(described.body)?.[1] ?? ''
  const options = {
    ...{ callbackUrl: acs, issuer: entityId, audience: entityId, idpCert, idpIssuer: of('entityID') },
    ...{ entryPoint: `${app.url}/saml/${slug}/sign-in`, logoutUrl: `${app.url}/saml/${slug}/sign-out` },
    ...{ wantAuthnResponseSigned: false, wantAssertionsSigned: true, acceptedClockSkewMs: 5000 },
    ...{ identifierFormat: null, disableRequestedAuthnContext: true, decryptionPvk: key.privatePem },
    generateUniqueId: () => `_${randomBytes(16).toString('hex')}`,
  }
  const signing = { privateKey: key.privatePem, signatureAlgorithm: 'sha256' } as const
  const signer = new SAML({ ...options, ...signing })
  return {
    ...{ entityId, acs, metadata, saml: signer, key: { privatePem: key.privatePem, certificate } },
    request({ relayState = '', signs = false, forces = false, passive = false } = {}) {
      const saml = new SAML({ ...options, ...(signs && signing), forceAuthn: forces, passive })
      return saml.getAuthorizeUrlAsync(relayState, undefined, {})
    },
    async read({ SAMLResponse = '' }) {
      const { profile } = await signer.validatePostResponseAsync({ SAMLResponse })
      if (!profile) throw new Error('nothing is said')
      return profile
    },
    signOut: (user) => signer.getLogoutUrlAsync(user, 'theirs', {}),
  }
}

/** The fields of the page's form that posts to the application. */
export function postedFields(text: string, acs: string): Record<string, string> {
  const form = new RegExp(`<form method="post" action="${acs}">(.*?)</form>`, 's').exec(text)?.[1]
  if (form === undefined) throw new Error(`no form to ${acs}: ${text.slice(text.indexOf('<main>'))}`)
  const inputs = [...form.matchAll(/name="([^"]*)" value="([^"]*)"/g)]
  return Object.fromEntries(inputs.map(([, name, value]) => [name, (value ?? '').replaceAll('&#39;', "'")]))
}
