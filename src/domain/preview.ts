import type { Locale } from './locale.ts'

/** What a method thinks of an answer while it is typed. */
export interface Rating {
  /** From 0, the worst, to 4. */
  score: 0 | 1 | 2 | 3 | 4
  /** Whether it would be taken. */
  isAccepted: boolean
  /** The score in a word or two. */
  label: string
  /** What would make it better; null if nothing needs to. */
  message: string | null
}

/** Feedback on an answer that the user chooses, before it is sent; nothing of it is kept. */
export interface Preview<Settings, Answer> {
  /** What is asked for, in one sentence. */
  rule(ctx: { settings: Settings; locale: Locale }): string
  /** `userInputs`: what an attacker knows of the user, normalised. Throws `busy`. */
  rate(
    ctx: { settings: Settings; locale: Locale; userInputs: readonly string[] },
    answer: Answer,
  ): Promise<Rating>
}
