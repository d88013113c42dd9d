import type { Bucket } from './leaky-bucket.ts'

/** For a name and a place together: the first limit of an attacker who guesses one account from one place. */
export const freeFailures = 5
export const freeFailuresUnderAttack = 1
/** NIST SP 800-63B-4 §3.2.2: the maximum of consecutive failures, also from a known place. */
export const failuresMax = 100
export const delayMillisecondsMax = 15 * 60_000
/** The percentage of text messages that is reserved for known places. */
export const smsReservedPercent = 20

interface Limit extends Bucket {
  /** For docs/operations.md. */
  what: string
}

/** What a stranger can cause, and how often. Counted in the database, so that all nodes count together. */
export const limits = {
  signInSource: { burst: 100, leakMilliseconds: 6_000, what: 'wrong answers from one source, for any names' },
  signInName: {
    burst: 100,
    leakMilliseconds: 36_000,
    what: `wrong answers for one name from everywhere; past that, strangers have ${freeFailuresUnderAttack} try instead of ${freeFailures}, and no one is locked out`,
  },
  shortCode: {
    burst: 100,
    leakMilliseconds: 900_000,
    what: 'wrong short codes for one account and method; a known place counts by itself',
  },
  attempt: {
    burst: 1000,
    leakMilliseconds: 1_000,
    what: 'attempts begun from one source; loopback is not counted',
  },
  anonymousPage: {
    burst: 1000,
    leakMilliseconds: 1_000,
    what: 'requests to the OpenID provider that store a row, from one source that is not signed in',
  },
  anonymousPageHere: {
    burst: 5000,
    leakMilliseconds: 50,
    what: 'the same from loopback, or from a proxy that is not configured',
  },
  signUp: {
    burst: 300,
    leakMilliseconds: 12_000,
    what: 'new accounts from one source; loopback is not counted',
  },
  deviceCode: {
    burst: 50,
    leakMilliseconds: 20_000,
    what: 'device codes entered from one source, right or wrong',
  },
  wrongKey: {
    burst: 100,
    leakMilliseconds: 6_000,
    what: 'invalid API keys from one source; valid ones are not counted',
  },
  sending: { burst: 5, leakMilliseconds: 600_000, what: 'codes and links requested, by name and source' },
  sendingSource: {
    burst: 60,
    leakMilliseconds: 60_000,
    what: 'codes and links requested from one source, for any names',
  },
  address: {
    burst: 18,
    leakMilliseconds: 600_000,
    what: 'messages to one address or number, from all sources; after that nothing is sent, and the reply is the same',
  },
  knownAddress: {
    burst: 10,
    leakMilliseconds: 600_000,
    what: 'the same for each place that its owner has used',
  },
  confirmation: {
    burst: 20,
    leakMilliseconds: 900_000,
    what: 'wrong codes for one address that one account confirms',
  },
  confirmedAddress: {
    burst: 100,
    leakMilliseconds: 900_000,
    what: 'the same from all accounts that do not have the address',
  },
  smsPrefix: {
    burst: 200,
    leakMilliseconds: 60_000,
    what: 'text messages to one range of numbers (its first seven digits)',
  },
} as const satisfies Record<string, Limit>
