import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { type Locale, locales } from '../../src/domain/locale.ts'
import { chooseParticles } from '../../src/words/korean-particles.ts'
import { allWords } from '../../src/words/languages.ts'
import { words } from '../../src/words/pages.ts'
import { say } from '../../src/words/say.ts'

const messages = Object.entries(words.en).flatMap(([part, some]) =>
  Object.keys(some).map((name) => [part, name] as const),
)
const textOf = (locale: Locale, part: string, name: string): string | undefined =>
  (words[locale] as unknown as Record<string, Record<string, string>>)[part]?.[name]
const placeholders = (text: string): string[] =>
  [...new Set([...text.matchAll(/\{(\w+)[,}]/g)].map(([, name]) => name as string))].sort()

test('every language has every message, with the same placeholders', () => {
  for (const locale of locales) {
    for (const [part, some] of Object.entries(words[locale]))
      assert.deepEqual(
        Object.keys(some).sort(),
        Object.keys(words.en[part as keyof typeof words.en]).sort(),
        `${locale} ${part}`,
      )
    for (const [part, name] of messages) {
      const [text, english] = [textOf(locale, part, name) ?? '', textOf('en', part, name) ?? '']
      assert.ok(text.trim() !== '', `${locale} ${part}.${name} is empty`)
      assert.deepEqual(placeholders(text), placeholders(english), `${locale} ${part}.${name}`)
      const values = Object.fromEntries(placeholders(text).map((value) => [value, 3]))
      assert.ok(!say(locale, text, values).includes('{'), `${locale} ${part}.${name} is no ICU message`)
    }
  }
})

test('every language has the words of every method', () => {
  const sources = globSync('src/{methods/*/,federation/method/{,directory-}}words.ts').map((path) =>
    readFileSync(path, 'utf8'),
  )
  const ids = sources.map((text) => /inEveryLanguage\('([^']+)'/.exec(text)?.[1] as string)
  assert.ok(ids.length > 8)
  const keysOf = (text: string) => [...text.matchAll(/^ {2}(\w+):/gm)].map(([, key]) => key as string)
  for (const locale of locales.filter((one) => one !== 'en')) {
    const { methods } = allWords[locale]
    assert.deepEqual(Object.keys(methods).sort(), [...ids].sort(), locale)
    for (const [at, id] of ids.entries())
      if (sources[at]?.includes('\n  '))
        assert.deepEqual(
          Object.keys(methods[id] ?? {}).sort(),
          keysOf(sources[at] as string).sort(),
          `${locale} ${id}`,
        )
  }
})

test('every message is used by a page', () => {
  const sources = globSync('src/**/*.ts')
    .filter((path) => !/\/words\/\w+\//.test(path))
    .map((path) => readFileSync(path, 'utf8'))
    .join('\n')
  // These are found by a name made at run time: by scope, by rule, by problem, by event.
  const byName = new Set(['consent', 'why', 'faults', 'activity'])
  const unused = messages.filter(
    ([part, name]) => !byName.has(part) && !new RegExp(`\\b${name}\\b`).test(sources),
  )
  assert.deepEqual(unused, [])
})

test('Korean particles follow the preceding sound', () => {
  const cases = {
    '쇼핑몰을(를)': '쇼핑몰을',
    '사과을(를)': '사과를',
    '서울(으)로': '서울로',
    '부산(으)로': '부산으로',
    '대구(으)로': '대구로',
    'Gmail이(가)': 'Gmail이',
    'GitHub이(가)': 'GitHub가',
    '3은(는)': '3은',
    '2은(는)': '2는',
    '“종이배”와(과)': '“종이배”와',
    'minji@example.com(으)로': 'minji@example.com으로',
  }
  for (const [written, said] of Object.entries(cases)) assert.equal(chooseParticles(written), said)
})

test('numbers and plurals follow the language', () => {
  const { codesLeft } = words.en.account
  assert.deepEqual(
    [0, 1, 1200].map((count) => say('en', codesLeft, { count })),
    ['no codes left', '1 code left', '1,200 codes left'],
  )
  assert.equal(say('ko', words.ko.account.codesLeft, { count: 3 }), '코드 3개 남음')
})
