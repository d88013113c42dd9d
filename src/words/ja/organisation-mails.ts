import type { OrganisationMailWords } from '../language.ts'

/** Mails about organisations. */
export const organisationMails: OrganisationMailWords = {
  invited: '{organisation}から招待が届いています',
  invitedText:
    '{site}で{organisation}のメンバーに招待されました。リンクを開いて参加してください。リンクは{days}日間有効で、1回だけ使えます。',
  invitedAdvice: '心当たりがない場合は、何もする必要はありません。リンクを転送しないでください。',
  join: '招待を見る',
  domainLost: '{about}の確認が無効になりました',
  domainLostText:
    '{about}のTXTレコードがなくなったため、{organisation}のドメインではなくなりました。レコードをもう一度登録してから、ドメインを確認してください。',
  secretExpires: '{about}の証明書は{day}に期限切れになります',
  secretExpiresText:
    '証明書またはシークレットの期限が{day}に切れると、{about}ではログインできなくなります。それまでに新しいものに交換してください。',
  open: '組織を開く',
}
