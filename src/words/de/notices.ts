import type { NoticeWords } from '../language.ts'

export const notices: NoticeWords = {
  new_device: {
    subject: 'Neue Anmeldung bei deinem Konto',
    text: 'Dein Konto wurde auf einem Gerät verwendet, auf dem es vorher nicht verwendet wurde ({method}).',
  },
  credential_added: {
    subject: 'Eine neue Anmeldemethode wurde hinzugefügt',
    text: 'Deinem Konto wurde eine neue Anmeldemethode hinzugefügt: {method}.',
  },
  credential_changed: {
    subject: 'Deine Anmeldemethode wurde geändert',
    text: 'Das wurde in deinem Konto geändert: {method}.',
  },
  credential_removed: {
    subject: 'Eine Anmeldemethode wurde entfernt',
    text: 'Das wurde aus deinem Konto entfernt: {method}.',
  },
  credential_disabled: {
    subject: 'Eine Anmeldemethode wurde ausgeschaltet',
    text: 'Es gab zu viele falsche Antworten, deshalb wurde das ausgeschaltet: {method}. Melde dich anders an, um es wieder einzuschalten.',
  },
  suspected_copy: {
    subject: 'Eine Anmeldung wurde abgelehnt: Ein Schlüssel wurde vielleicht kopiert',
    text: 'Eine Anmeldung mit {method} wurde abgelehnt, weil es den Schlüssel offenbar zweimal gibt. Entferne ihn und richte einen neuen ein.',
  },
  recovered: {
    subject: 'Dein Konto wurde wiederhergestellt',
    text: 'Dein Konto wurde mit {method} wiederhergestellt. Alle anderen Geräte wurden abgemeldet.',
  },
  identifier_changed: {
    subject: 'Deine Adresse wurde geändert',
    text: 'Die Adresse deines Kontos wurde geändert, und diese gehört nicht mehr dazu. Wenn du das nicht warst, mach die Änderung innerhalb von 72 Stunden rückgängig.',
  },
  identifier_added: {
    subject: 'Diese Adresse gehört jetzt zu deinem Konto',
    text: 'Diese Adresse wurde deinem Konto hinzugefügt.',
  },
  identifier_restored: {
    subject: 'Die Änderung der Adresse wurde rückgängig gemacht',
    text: 'Deine frühere Adresse gehört wieder zu deinem Konto. Alle Geräte wurden abgemeldet.',
  },
  saved_code_used: {
    subject: 'Ein Wiederherstellungscode wurde verwendet',
    text: 'Mit einem deiner gespeicherten Codes ({method}) hat sich jemand bei deinem Konto angemeldet. Jeder gilt einmal; erstelle einen neuen Satz, wenn nur wenige übrig sind.',
  },
  account_deleted: {
    subject: 'Dein Konto wurde gelöscht',
    text: 'Dein Konto wurde mit seinem gesamten Inhalt endgültig gelöscht.',
  },
  sign_up_tried: {
    subject: 'Jemand wollte sich mit deiner Adresse registrieren',
    text: 'Du hast schon ein Konto mit dieser Adresse. Wenn du das warst, melde dich damit an oder stelle es von dort aus wieder her. Es wurde nichts geändert.',
  },
  refresh_reused: {
    subject: 'Ein Gerät wurde abgemeldet: Sein Schlüssel wurde zweimal verwendet',
    text: 'Ein Schlüssel, der ein Gerät oder eine Anwendung angemeldet hält, wurde ein zweites Mal verwendet und ist vielleicht kopiert worden. Wer ihn hatte, wurde abgemeldet.',
  },
  details: 'Zeit: {time} · IP-Adresse: {source} · Gerät: {agent}',
  advice:
    'Wenn du das warst, musst du nichts tun. Wenn nicht, melde dich an, entferne, was du nicht kennst, und melde die anderen Geräte ab.',
  contact: 'Wenn du das nicht warst, wende dich an die Verwaltung dieser Website.',
  undo: 'Änderung rückgängig machen',
  signIn: 'Anmelden',
}
