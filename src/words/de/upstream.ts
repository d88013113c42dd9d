import type { PageWords } from '../language.ts'

export const upstream: PageWords['upstream'] = {
  with: 'Weiter mit {name}',
  more: 'Weitere Optionen',
  recent: 'Zuletzt verwendet',
  going: 'Weiter zu {name}…',
  signingOut: 'Du wirst bei {name} abgemeldet…',
  returning: 'Du wirst angemeldet…',
  over: 'Diese Anmeldung hat zu lange gedauert oder wurde in einem anderen Browser begonnen. Fang noch einmal an.',
  failed: 'Du bist nicht angemeldet',
  again: 'Zurück zur Anmeldung',
  back: 'Zurück zu meinem Konto',
  closed:
    'Hier ist kein Konto mit {name} verknüpft, und so werden keine neuen Konten erstellt. Melde dich anders an und verknüpfe {name} dann in deinem Konto.',
  existsTitle: 'Du hast schon ein Konto',
  exists: 'Es gibt ein Konto mit {address}. Zeige, dass es dir gehört, dann wird {name} damit verknüpft.',
  linkTitle: '{name} verknüpfen?',
  linkText: 'Danach kannst du dich bei {account} mit {name} anmelden.',
  link: 'Verknüpfen',
  notNow: 'Nicht jetzt',
  add: '{name} verknüpfen',
}
