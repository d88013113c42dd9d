import type { Attempt } from '../../domain/attempt.ts'
import { toTimestamp } from '../../domain/clock.ts'
import type { Reason } from '../../domain/policy.ts'

const purposes: Readonly<Record<Attempt['purpose'], string>> = {
  'sign-in': 'to sign in',
  'sign-up': 'to sign up',
  'step-up': 'to step up a session',
  link: 'to link something to an account',
  recover: 'to recover an account',
}

/** What happened in an attempt and why, one sentence a line. Pure. */
export function explainAttempt(attempt: Attempt, names: readonly string[]): string[] {
  const who = names.length > 0 ? names.join(', ') : (attempt.accountId ?? 'an unknown user')
  const lines = [
    `On ${toTimestamp(attempt.createdAt)}, ${who} tried ${purposes[attempt.purpose]}, from ${attempt.source}.`,
  ]
  if (attempt.request.acr) lines.push(`The application asked for ${attempt.request.acr}.`)
  if (attempt.evidence.length === 0) lines.push('Nothing was proved.')
  for (const { method, at, factors, userVerified, phishingResistant } of attempt.evidence) {
    const more = [
      ...(userVerified ? ['the user was verified'] : []),
      ...(phishingResistant ? ['safe from phishing'] : []),
    ]
    lines.push(
      `Proved by ${method} at ${toTimestamp(at)}: ${factors.join(' and ')}${more.length > 0 ? ` (${more.join(', ')})` : ''}.`,
    )
  }
  const { decisionInputs, decision } = attempt
  if (decisionInputs) {
    const has = decisionInputs.subject.methods.map(({ id }) => id)
    lines.push(
      `The account could use: ${has.length > 0 ? has.join(', ') : 'nothing'}.${decisionInputs.context.newDevice ? ' The device was new to it.' : ''}`,
    )
  }
  if (!decision) return [...lines, 'The policy was not evaluated.']
  lines.push(...decision.reasons.map(sentence))
  switch (decision.outcome) {
    case 'satisfied':
      return [...lines, `Result: satisfied, ${decision.acr}.`]
    case 'more':
      return [
        ...lines,
        `Result: more evidence required, by ${decision.offers.map(({ method }) => method).join(' or ')}.`,
      ]
    case 'refused':
      return [...lines, 'Result: refused.']
  }
}

function sentence({ rule, says, acr, because }: Reason): string {
  switch (says) {
    case 'requires':
      return `The rule ${rule} requires ${acr}: ${because}.`
    case 'ignores':
      return `The rule ${rule} does not apply: ${because}.`
    case 'grants':
      return `The evidence reaches ${acr}: ${because}.`
    case 'lacks':
      return `Not enough: ${because}.`
    case 'refuses':
      return `It cannot be satisfied: ${because}.`
  }
}
