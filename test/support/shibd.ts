import { spawn } from 'node:child_process'
import { chmodSync, existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { createOwnKey, readOwnKey } from '../../src/federation/saml/own-key.ts'
import type { Apache } from './apache.ts'
import { endWith } from './child.ts'

const daemon = '/usr/sbin/shibd'
const etc = '/etc/shibboleth'

/** For node:test: false, or the reason. */
export const withoutShibd: false | string = existsSync(daemon)
  ? false
  : 'libapache2-mod-shib is not installed'

/** Debian's Shibboleth service provider for an Apache, whose identity provider is described by `metadata`. */
export async function startShibd(
  t: TestContext,
  { folder }: Pick<Apache, 'folder'>,
  { entityId, idp, metadata }: { entityId: string; idp: string; metadata: string },
): Promise<string> {
  const key = readOwnKey(await createOwnKey('shib.example', Date.now()))
  if (!key) throw new Error('no key')
  const file = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content)
    return join(folder, name)
  }
  const keyFile = file('sp-key.pem', key.privatePem)
  const certificateFile = file('sp-cert.pem', key.certificates.join('\n'))
  const metadataFile = file('idp.xml', metadata)
  const attributes = file(
    'attribute-map.xml',
    '<Attributes xmlns="urn:mace:shibboleth:2.0:attribute-map"><Attribute name="urn:oid:0.9.2342.19200300.100.1.3" id="mail"/></Attributes>',
  )
  const logger = file(
    'shibd.logger',
    `log4j.rootCategory=WARN, all\nlog4j.appender.all=org.apache.log4j.FileAppender\nlog4j.appender.all.fileName=${folder}/shibd.log\nlog4j.appender.all.layout=org.apache.log4j.PatternLayout\nlog4j.appender.all.layout.ConversionPattern=%p %c: %m%n\n`,
  )
  const configuration = file(
    'shibboleth2.xml',
    `<SPConfig xmlns="urn:mace:shibboleth:3.0:native:sp:config" logger="${logger}" clockSkew="180">
  <OutOfProcess logger="${logger}"/>
  <InProcess logger="${logger}"/>
  <UnixListener address="${folder}/shibd.sock"/>
  <ApplicationDefaults entityID="${entityId}" REMOTE_USER="mail" signing="true">
    <Sessions lifetime="28800" timeout="3600" relayState="ss:mem" checkAddress="false" handlerSSL="false" cookieProps="http">
      <SSO entityID="${idp}">SAML2</SSO>
      <Logout>SAML2 Local</Logout>
      <Handler type="MetadataGenerator" Location="/Metadata" signing="false"/>
    </Sessions>
    <Errors supportContact="root@localhost"/>
    <MetadataProvider type="XML" validate="false" path="${metadataFile}"/>
    <AttributeExtractor type="XML" validate="false" reloadChanges="false" path="${attributes}"/>
    <CredentialResolver type="File" key="${keyFile}" certificate="${certificateFile}"/>
  </ApplicationDefaults>
  <SecurityPolicyProvider type="XML" validate="true" path="${etc}/security-policy.xml"/>
  <ProtocolProvider type="XML" validate="true" reloadChanges="false" path="${etc}/protocols.xml"/>
</SPConfig>
`,
  )
  const child = spawn(daemon, ['-F', '-c', configuration, '-p', join(folder, 'shibd.pid')], {
    stdio: 'ignore',
  })
  endWith(t, child)
  const socket = join(folder, 'shibd.sock')
  for (let tries = 0; tries < 200 && !existsSync(socket); tries++) await wait(50)
  chmodSync(socket, 0o777) // Apache has a user of its own
  return `
ShibConfig ${configuration}
<Location />
  AuthType shibboleth
  ShibRequestSetting requireSession true
  Require valid-user
  Header set X-Remote-User "expr=%{REMOTE_USER}"
</Location>
<Location /Shibboleth.sso>
  AuthType None
  Require all granted
  SetHandler shib
</Location>
`
}
