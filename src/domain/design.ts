/**
 * The design tokens: colour, space, type and radius, which pages, mails and the API's page share. Lengths in
 * CSS pixels.
 */

/** Foregrounds reach 4.5:1 on `card` and `paper`, `line` 3:1 (WCAG 2.2 §1.4.3, §1.4.11). */
export const colours = {
  light: {
    ink: '#1b1f24',
    soft: '#525a64',
    paper: '#f3f4f6',
    card: '#ffffff',
    line: '#868e98',
    rule: '#dfe2e6',
    accent: '#0b57d0',
    onAccent: '#ffffff',
    fault: '#b3261e',
    good: '#1a6b3c',
  },
  dark: {
    ink: '#e7eaee',
    soft: '#aab2bc',
    paper: '#121417',
    card: '#1c2024',
    line: '#7d8690',
    rule: '#333a41',
    accent: '#8ab4f8',
    onAccent: '#10151c',
    fault: '#ffb4ab',
    good: '#7fd8a4',
  },
} as const
export type Mode = keyof typeof colours
export const modes = Object.keys(colours) as Mode[]

export const space = { xs: 4, s: 8, m: 12, l: 16, xl: 24, xxl: 28 } as const
export const type = { tiny: 13, small: 14, body: 16, lead: 17, large: 20, title: 24, display: 32 } as const
export const radius = { control: 10, card: 16, pill: 32 } as const

export const fonts = {
  text: 'system-ui, "Noto Sans KR", "Noto Sans JP", "Noto Sans SC", sans-serif',
  code: 'ui-monospace, monospace',
} as const

/** Pages grow with the reader's text size: `8` is `0.5rem`. */
export const rem = (pixels: number): string => `${pixels / 16}rem`
