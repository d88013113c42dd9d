import type { ProblemWords } from '../language.ts'

/** Titles of problem documents, and what to do. */
export const problems: ProblemWords = {
  malformed_request: {
    title: 'Die Anfrage kann nicht gelesen werden',
    detail: 'Die Anfrage ist nicht wohlgeformt. Prüfe Syntax, Kodierung und Header.',
  },
  invalid_fields: {
    title: 'Einige Felder sind ungültig',
    detail: 'Einige Felder sind ungültig. `errors` nennt jedes; korrigiere sie und sende die Anfrage erneut.',
  },
  incorrect_credentials: {
    title: 'Benutzername oder Passwort ist falsch',
    detail: 'Benutzername oder Passwort ist falsch.',
  },
  answer_refused: {
    title: 'Die Antwort ist nicht richtig',
    detail: 'Die Antwort ist nicht richtig. Prüfe sie und versuche es erneut.',
  },
  challenge_not_open: {
    title: 'Die Abfrage ist beendet',
    detail: 'Die Abfrage ist unbekannt, abgelaufen oder bereits beantwortet. Beginne eine neue.',
  },
  unsupported_grant_type: {
    title: 'Nicht unterstützter Grant-Typ',
    detail:
      'Hier wird nur der Grant password akzeptiert. Andere gibt es am Token-Endpunkt des OpenID-Providers.',
  },
  invalid_refresh_token: {
    title: 'Ungültiges Refresh-Token',
    detail:
      'Das Refresh-Token ist unbekannt, abgelaufen, widerrufen oder bereits verwendet. Melde dich erneut an.',
  },
  not_authenticated: {
    title: 'Nicht angemeldet',
    detail: 'Nicht angemeldet.',
  },
  invalid_token: {
    title: 'Ungültige Anmeldedaten',
    detail: 'Ungültige Anmeldedaten.',
  },
  insufficient_user_authentication: {
    title: 'Eine neuere oder stärkere Anmeldung ist nötig',
    detail:
      'Die Bestätigungen der Sitzung reichen dafür nicht oder sind zu alt. Bestätige deine Identität zusätzlich und sende die Anfrage erneut.',
  },
  account_disabled: {
    title: 'Das Konto ist deaktiviert',
    detail: 'Ein Betreiber hat das Konto deaktiviert. Wende dich an die Website.',
  },
  more_evidence_required: {
    title: 'Weitere Bestätigung nötig',
    detail:
      'Ein Nachweis reicht nicht. Setze den hier genannten Versuch mit einer der angebotenen Methoden fort.',
  },
  sign_up_closed: {
    title: 'Die Registrierung ist geschlossen',
    detail: 'Neue Konten legt nur ein Betreiber an.',
  },
  invitation_required: {
    title: 'Eine Einladung ist nötig',
    detail:
      'Ein neues Konto braucht eine gültige Einladung. Öffne den Link der Einladung erneut oder bitte um eine neue.',
  },
  insufficient_scope: {
    title: 'Unzureichende Berechtigung',
    detail: 'Dem Token fehlt die nötige Berechtigung. Fordere ein Token mit der Berechtigung aus `scope` an.',
  },
  cross_site_request: {
    title: 'Anfrage einer anderen Website',
    detail:
      'Die Anfrage kam von der Seite einer anderen Website. Öffne die Seite auf dieser Website und sende sie von dort.',
  },
  precondition_failed: {
    title: 'Seit dem Lesen geändert',
    detail:
      'Die Ressource wurde geändert, seit du sie gelesen hast. Lies sie erneut und ändere sie mit dem neuen ETag.',
  },
  last_way_in: {
    title: 'Die letzte Anmeldemethode kann nicht entfernt werden',
    detail:
      'Das ist die letzte Anmeldemethode: Ohne sie käme niemand in das Konto. Richte zuerst eine andere ein.',
  },
  not_found: {
    title: 'Nicht gefunden',
    detail: 'Unter dieser Adresse gibt es nichts, oder du darfst es nicht sehen.',
  },
  method_not_allowed: {
    title: 'Methode nicht erlaubt',
    detail: 'Dieser Pfad unterstützt die Methode nicht. Der Header `Allow` nennt die unterstützten.',
  },
  identifier_taken: {
    title: 'Die Kennung ist vergeben',
    detail:
      'Ein anderes Konto hat diese E-Mail-Adresse, diesen Benutzernamen oder diese Telefonnummer. Wähle eine andere.',
  },
  account_exists: {
    title: 'Ein Konto hat diese Adresse',
    detail:
      'Es gibt ein Konto mit dieser E-Mail-Adresse. Melde dich dort mit einer anderen Methode an und verknüpfe dann die Identität.',
  },
  conflict: {
    title: 'Gleichzeitig geändert',
    detail: 'Eine andere Anfrage hat dies gleichzeitig geändert. Lies es erneut und wiederhole die Änderung.',
  },
  last_operator: {
    title: 'Der letzte Betreiber kann nicht entfernt werden',
    detail:
      'Das ist der letzte Betreiber, und der Server braucht einen. Mache zuerst ein anderes Konto zum Betreiber.',
  },
  last_admin: {
    title: 'Der letzte Admin kann nicht entfernt werden',
    detail: 'Das ist der letzte Admin der Organisation. Mache zuerst ein anderes Mitglied zum Admin.',
  },
  domain_not_proved: {
    title: 'Die Domain ist nicht nachgewiesen',
    detail:
      'Der TXT-Eintrag der Domain wurde nicht gefunden. Füge ihn hinzu und versuche es später noch einmal.',
  },
  invitation_of_another: {
    title: 'Die Einladung gilt für eine andere Adresse',
    detail:
      'Die Einladung gilt für eine E-Mail-Adresse, die dieses Konto nicht bestätigt hat. Bestätige sie oder melde dich bei dem Konto an, das sie hat.',
  },
  admin_role_required: {
    title: 'Das kann nur ein Admin der Organisation',
    detail: 'Das Konto ist Mitglied der Organisation, aber kein Admin. Wende dich an einen ihrer Admins.',
  },
  not_tried: {
    title: 'Noch nicht ausprobiert',
    detail: 'Melde dich zuerst einmal über diese Verbindung an, damit du weißt, dass es geht.',
  },
  attempt_over: {
    title: 'Der Versuch ist beendet',
    detail: 'Der Versuch ist beendet oder abgelaufen. Beginne einen neuen.',
  },
  body_too_large: {
    title: 'Der Inhalt ist zu groß',
    detail: 'Der Inhalt der Anfrage ist größer, als hier akzeptiert wird.',
  },
  unsupported_media_type: {
    title: 'Nicht unterstützter Inhaltstyp',
    detail: 'Inhaltstyp oder Kodierung des Inhalts werden hier nicht akzeptiert. Sende unkomprimiertes JSON.',
  },
  weak_password: {
    title: 'Das Passwort ist zu schwach',
    detail: 'Das Passwort ist zu leicht zu erraten. `errors` sagt, warum; wähle ein anderes.',
  },
  enrolment_refused: {
    title: 'Einrichtung nicht möglich',
    detail: 'Das Gesendete passt nicht zur Abfrage oder wird hier nicht akzeptiert. Beginne erneut.',
  },
  too_many_attempts: {
    title: 'Zu viele Versuche',
    detail: 'Zu viele Versuche. Warte so lange, wie `Retry-After` angibt.',
  },
  header_too_large: {
    title: 'Die Header sind zu groß',
    detail: 'Die Header der Anfrage sind größer, als hier akzeptiert wird.',
  },
  unknown_transfer_coding: {
    title: 'Unbekannte Transfer-Kodierung',
    detail: 'Hier ist nur die Transfer-Kodierung `chunked` bekannt.',
  },
  internal_error: {
    title: 'Interner Fehler',
    detail: 'Das ist ein Fehler des Servers. Sein Protokoll hat eine Zeile mit dieser request_id.',
  },
  database_unavailable: {
    title: 'Die Datenbank ist nicht erreichbar',
    detail: 'Soweit bekannt, wurde nichts geändert. Versuche es in Kürze erneut.',
  },
  upstream_unavailable: {
    title: 'Der Identitätsanbieter antwortet nicht',
    detail:
      'Der Anbieter dieser Verbindung ist nicht erreichbar. Versuche es erneut oder nutze eine andere Methode.',
  },
  busy: {
    title: 'Der Server ist ausgelastet',
    detail: 'Der Server ist an seiner Grenze. Versuche es in Kürze erneut.',
  },
  not_ready: {
    title: 'Der Server ist nicht bereit',
    detail: 'Der Server startet oder beendet sich gerade. Versuche es in Kürze erneut.',
  },
  request_timeout: {
    title: 'Die Anfrage hat zu lange gedauert',
    detail: 'Die Anfrage ist nicht rechtzeitig angekommen. Sende sie erneut.',
  },
}
