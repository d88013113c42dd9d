import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { type Locale, locales } from '../../src/domain/locale.ts'
import { methods } from '../../src/methods/index.ts'
import { allWords } from '../../src/words/languages.ts'

/** All that is said in a language, with where it is written. */
function sentencesOf(locale: Locale): [string, string][] {
  const found: [string, string][] = []
  const visit = (path: string, value: unknown): void => {
    if (typeof value === 'string') found.push([path, value])
    else if (typeof value === 'function') found.push([path, String(value('x'))])
    else for (const [name, part] of Object.entries(value as object)) visit(`${path}.${name}`, part)
  }
  visit('words', { ...allWords[locale], methods: {} }) // which are with their methods
  for (const { id, words } of methods) visit(id, words[locale])
  return found
}

/** The last column of a glossary: what is not written. */
const forbiddenIn = (locale: Locale): string[] =>
  readFileSync(join(import.meta.dirname, `../../docs/languages/${locale}.md`), 'utf8')
    .split('\n')
    .filter((line) => /^\| (?!---)/.test(line))
    .slice(1)
    .flatMap((line) => line.split('|')[3]?.split(/[,、]/) ?? [])
    .map((form) => form.trim())

for (const locale of locales)
  test(`${locale}: no sentence has a form that its glossary forbids`, () => {
    const forbidden = forbiddenIn(locale)
    assert.ok(forbidden.length > 5)
    const sentences = sentencesOf(locale)
    assert.ok(sentences.length > 300)
    const wrong = sentences.flatMap(([place, text]) =>
      forbidden.filter((form) => text.includes(form)).map((form) => `${place}: ${form} in “${text}”`),
    )
    assert.deepEqual(wrong, [])
  })

test('every language says the same things, with the same values', () => {
  const values = (text: string): string[] =>
    [...text.matchAll(/\{(\w+)[,}]/g)].map(([, name]) => name as string).sort()
  const english = new Map(sentencesOf('en'))
  for (const locale of locales)
    for (const [place, text] of sentencesOf(locale)) {
      const same = english.get(place)
      assert.ok(same !== undefined, `${locale} ${place} is not in English`)
      assert.deepEqual([...new Set(values(text))], [...new Set(values(same))], `${locale} ${place}`)
    }
})
