import type { HashDescription } from '../../domain/importing.ts'
import { isKnownHash } from './password-hash.ts'
import { withoutPepper } from './peppered.ts'
import {
  argon2PassesMax,
  bcryptCostMax,
  memoryBytesMax,
  pbkdf2IterationsMax,
  shaCryptRoundsMax,
} from './scheme.ts'

interface Family {
  /** With the costs as groups. */
  shape: RegExp
  label(costs: readonly string[]): string
  isCostly?(costs: readonly number[]): boolean
}

const bcrypt: Family['label'] = ([cost]) => `bcrypt ${Number(cost)}`
const scryptIsCostly = (cost: number, blockSize: number) => 128 * cost * blockSize > memoryBytesMax

/** By how they begin; the first that fits names a hash. */
const families: readonly Family[] = [
  {
    shape: /^(?:argon2)?\$(argon2(?:id|i|d))\$(?:v=\d+\$)?m=(\d+),t=(\d+),p=(\d+)/,
    label: ([kind, memory, passes]) => `${kind} ${memory} KiB × ${passes}`,
    isCostly: ([, memory = 0, passes = 0]) => memory * 1024 > memoryBytesMax || passes > argon2PassesMax,
  },
  {
    shape: /^(?:bcrypt(?:_sha256)?\$|\{(?:bcrypt|CRYPT)\}|\$wp)?\$2[abxy]\$(\d+)/,
    label: bcrypt,
    isCostly: ([cost = 0]) => cost > bcryptCostMax,
  },
  {
    shape: /^\$bcrypt-sha256\$.*?(?:r=|2[ab],)(\d+)/,
    label: bcrypt,
    isCostly: ([cost = 0]) => cost > bcryptCostMax,
  },
  {
    shape: /^\$?(pbkdf2[-_:]?(?:sha\d+)?)[$:](?:i=)?(\d+)/,
    label: ([kind, rounds]) => `${kind?.replace(/[_:]/, '-')} ${rounds}`,
    isCostly: ([, rounds = 0]) => rounds > pbkdf2IterationsMax,
  },
  {
    shape: /^\{"(?=.*(pbkdf2[a-z0-9-]*|argon2))(?=.*hashIterations\\*": ?(\d+))/,
    label: ([kind, rounds]) => `Keycloak ${kind} ${rounds}`,
    isCostly: ([, rounds = 0]) => rounds > pbkdf2IterationsMax,
  },
  {
    shape: /^\$(?:firebase-scrypt|firescrypt|fbscrypt)\$.*?(?:ln|n)=(\d+),r=(\d+)/,
    label: ([log, size]) => `Firebase scrypt ${log}, ${size}`,
    isCostly: ([log = 0, size = 0]) => scryptIsCostly(2 ** log, size),
  },
  {
    shape: /^\$scrypt\$ln=(\d+),r=(\d+)/,
    label: ([log, size]) => `scrypt ${log}, ${size}`,
    isCostly: ([log = 0, size = 0]) => scryptIsCostly(log > 63 ? log : 2 ** log, size),
  },
  {
    shape: /^scrypt[:$](\d+)/,
    label: ([cost]) => `scrypt ${cost}`,
    isCostly: ([cost = 0]) => scryptIsCostly(cost, 1),
  },
  { shape: /^[0-9a-f]{32}:[0-9a-f]+$/, label: () => 'scrypt 16384, 16' },
  { shape: /^AQAAAA/, label: () => 'ASP.NET Identity' },
  { shape: /^\$[PH]\$/, label: () => 'phpass' },
  {
    shape: /^(?:\{CRYPT\})?\$(5|6|sha256-crypt|sha512-crypt)\$(?:rounds=(\d+))?/,
    label: ([kind, rounds = '5000']) =>
      `${/5$|256/.test(kind ?? '') ? 'SHA-256' : 'SHA-512'} crypt ${rounds}`,
    isCostly: ([, rounds = 0]) => rounds > shaCryptRoundsMax,
  },
  { shape: /^(?:\{CRYPT\})?\$(?:1|md5-crypt)\$/i, label: () => 'MD5 crypt' },
  { shape: /^\{(S?SHA\d*|S?MD5)\}/i, label: ([kind]) => String(kind).toUpperCase() },
  { shape: /^\$(md5|sha1|sha256|sha512)\$/, label: ([kind]) => `one ${kind}` },
  { shape: /^(md5|sha1)\$/, label: ([kind]) => `one ${kind}` },
  { shape: /^\$hmac-(\w+)\$/, label: ([kind]) => `HMAC ${kind}` },
]

/** What a hash is, and why it cannot be verified, if it cannot. Computes nothing. */
export function describeHash(hash: string): HashDescription {
  const text = withoutPepper(hash) ?? hash
  for (const { shape, label, isCostly } of families) {
    const match = shape.exec(text)
    if (!match) continue
    const costs = match.slice(1)
    if (isKnownHash(hash)) return { label: label(costs), fault: null }
    return {
      label: label(costs),
      fault: isCostly?.(costs.map(Number)) ? 'hash_too_costly' : 'hash_malformed',
    }
  }
  return { label: 'unknown', fault: isKnownHash(hash) ? null : 'hash_unknown' }
}
