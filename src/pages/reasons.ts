import type { Locale } from '../domain/locale.ts'
import type { Decision, Reason } from '../domain/policy.ts'
import { type PageWords, words } from '../words/pages.ts'
import { say } from '../words/say.ts'

/** By the beginning of the rule's place in the policy document. */
const byRule: readonly (readonly [string, keyof PageWords['why']])[] = [
  ['request.acr', 'application'],
  ['signIn.clients.', 'application'],
  ['signIn.roles.', 'role'],
  ['signIn.newDevice', 'newDevice'],
  ['signIn.secondFactor', 'secondFactor'],
  ['operations.', 'operation'],
  ['signIn.required', 'general'],
]

/** Why the user is asked: the policy's reasons in everyday words. */
export function plainReasons(
  locale: Locale,
  { decision, client }: { decision: Decision | null; client: string },
): string[] {
  const { why } = words[locale]
  const reasons = (decision?.reasons ?? []).map(wordFor).filter((word) => word !== undefined)
  const special = reasons.filter((word) => word !== 'general')
  const chosen = special.length > 0 ? special : (['general'] as const)
  return [...new Set(chosen)].map((word) => say(locale, why[word], { client }))
}

const wordFor = ({ rule, says }: Reason): keyof PageWords['why'] | undefined =>
  says === 'lacks'
    ? 'lacks'
    : says === 'requires'
      ? byRule.find(([start]) => rule.startsWith(start))?.[1]
      : undefined
