import type { ImportSource } from '../domain/import-source.ts'
import { auth0 } from './auth0.ts'
import { betterAuth } from './better-auth.ts'
import { clerk } from './clerk.ts'
import { cognito } from './cognito.ts'
import { devise } from './devise.ts'
import { django } from './django.ts'
import { firebase } from './firebase.ts'
import { keycloak } from './keycloak.ts'
import { kratos } from './kratos.ts'
import { laravel } from './laravel.ts'
import { ldif } from './ldif.ts'
import { simple } from './simple.ts'
import { sumun } from './sumun.ts'
import { supabase } from './supabase.ts'
import { wordpress } from './wordpress.ts'
import { zitadel } from './zitadel.ts'

/** The systems whose files are read; the first that recognises a record has the file. */
export const importSources: readonly ImportSource[] = [
  sumun,
  keycloak,
  firebase,
  supabase,
  cognito,
  betterAuth,
  wordpress,
  kratos,
  zitadel,
  auth0,
  clerk,
  django,
  laravel,
  devise,
  ldif,
  simple,
]
