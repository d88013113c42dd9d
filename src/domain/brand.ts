import { type Static, Type } from 'typebox'
import { colours, modes } from './design.ts'
import { locales } from './locale.ts'

const colour = Type.String({ pattern: '^#[0-9a-fA-F]{6}$', description: 'As #rrggbb' })
const address = Type.String({ pattern: '^https://[^\\s"<>]+$', maxLength: 512 })
const logoLengthMax = 24_000 // of a data URI, so that a page stays within a round trip or two

/** How pages look, as data: nothing in it is a template or a program. */
export const brandDocument = Type.Object(
  {
    logo: Type.Optional(
      Type.String({
        pattern: '^data:image/(svg\\+xml|png|webp);base64,[A-Za-z0-9+/]+={0,2}$',
        maxLength: logoLengthMax,
        description: 'A data URI: SVG, PNG or WebP in base64',
      }),
    ),
    accent: Type.Optional(
      Type.Object(
        { light: colour, dark: colour },
        { additionalProperties: false, description: 'Of buttons and links, on light and on dark' },
      ),
    ),
    links: Type.Optional(
      Type.Object(
        { privacy: Type.Optional(address), terms: Type.Optional(address), help: Type.Optional(address) },
        { additionalProperties: false, description: 'At the foot of every page' },
      ),
    ),
    welcome: Type.Optional(
      Type.Object(
        Object.fromEntries(locales.map((locale) => [locale, Type.Optional(Type.String({ maxLength: 300 }))])),
        {
          additionalProperties: false,
          description: 'Shown on the sign-in page, by language',
        },
      ),
    ),
  },
  { additionalProperties: false },
)
export type Brand = Static<typeof brandDocument>

/** Where a brand has none. */
export const defaultAccent = { light: colours.light.accent, dark: colours.dark.accent } as const

const inks = [colours.light.onAccent, colours.dark.onAccent] as const
const readable = 4.5 // WCAG 2.2 §1.4.3, for text

/** Contrasts too low to read, one sentence each; empty if there is none. Pure. */
export function brandFaults({ accent }: Brand): string[] {
  if (!accent) return []
  return modes.flatMap((mode) => {
    // What lies behind accents: cards, and the page around them.
    const { card, paper } = colours[mode]
    const lowest = Math.min(...[card, paper].map((ground) => contrast(accent[mode], ground)))
    return lowest >= readable
      ? []
      : [
          `accent.${mode}: ${accent[mode]} has a contrast of ${lowest.toFixed(1)} on a ${mode} page; at least ${readable} is required (WCAG 2.2)`,
        ]
  })
}

/** White or near black, whichever is read better on it. */
export const inkOn = (ground: string): string =>
  contrast(inks[0], ground) >= contrast(inks[1], ground) ? inks[0] : inks[1]

/** WCAG 2.2: (L1 + 0.05) / (L2 + 0.05), from 1 to 21. */
export function contrast(one: string, other: string): number {
  const [lighter, darker] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number]
  return (lighter + 0.05) / (darker + 0.05)
}

function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
