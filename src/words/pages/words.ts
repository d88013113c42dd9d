import type { en } from './en.ts'

/** Every language has every message; the compiler holds that. */
export type Words = { readonly [Part in keyof typeof en]: { readonly [Message in keyof (typeof en)[Part]]: string } }
