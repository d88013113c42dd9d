import type { MethodDefinition } from '../domain/method.ts'
import { apiKey } from './api-key/index.ts'
import { emailCode } from './email-code/index.ts'
import { emailLink } from './email-link/index.ts'
import { ldap } from './ldap/index.ts'
import { oauth2 } from './oauth2/index.ts'
import { oidc } from './oidc/index.ts'
import { passkey } from './passkey/index.ts'
import { password } from './password/index.ts'
import { recoveryCode } from './recovery-code/index.ts'
import { saml } from './saml/index.ts'
import { smsCode } from './sms-code/index.ts'
import { totp } from './totp/index.ts'

/** The one list. A method is its folder and its line here; the order is the one in which they are offered. */
export const methods: readonly MethodDefinition[] = [
  passkey,
  password,
  totp,
  emailCode,
  emailLink,
  smsCode,
  recoveryCode,
  oidc,
  oauth2,
  saml,
  ldap,
  apiKey,
] as unknown as MethodDefinition[]
