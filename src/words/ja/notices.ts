import type { NoticeWords } from '../language.ts'

/** What owners are told. `{method}` is the method's own name. */
export const notices: NoticeWords = {
  new_device: {
    subject: '新しい端末でのログイン',
    text: 'これまで使われていない端末でアカウントにログインしました（{method}）。',
  },
  credential_added: {
    subject: 'ログイン方法が追加されました',
    text: 'アカウントに新しいログイン方法が追加されました：{method}。',
  },
  credential_changed: {
    subject: 'ログイン方法が変更されました',
    text: 'アカウントの次の項目が変更されました：{method}。',
  },
  credential_removed: {
    subject: 'ログイン方法が削除されました',
    text: 'アカウントから次の項目が削除されました：{method}。',
  },
  credential_disabled: {
    subject: 'ログイン方法が無効になりました',
    text: '誤った回答が多すぎたため、次の項目を無効にしました：{method}。別の方法でログインすると有効に戻ります。',
  },
  suspected_copy: {
    subject: 'ログインを拒否しました：キーが複製された可能性があります',
    text: 'キーが二つあるように見えたため、{method}でのログインを拒否しました。そのキーを削除して新しく登録してください。',
  },
  recovered: {
    subject: 'アカウントを復元しました',
    text: '{method}でアカウントを復元しました。ほかの端末はすべてログアウトされました。',
  },
  identifier_changed: {
    subject: 'アドレスが変更されました',
    text: 'アカウントのアドレスが変更され、このアドレスは使われなくなりました。心当たりがなければ72時間以内に元に戻してください。',
  },
  identifier_added: {
    subject: 'このアドレスがアカウントに登録されました',
    text: 'このアドレスがアカウントに追加されました。',
  },
  identifier_restored: {
    subject: 'アドレスの変更を元に戻しました',
    text: '以前のアドレスがアカウントに戻りました。すべての端末がログアウトされました。',
  },
  saved_code_used: {
    subject: 'リカバリーコードが使用されました',
    text: '保存したコードの一つでアカウントにログインしました（{method}）。コードは一度だけ使えます。残りが少なければ作り直してください。',
  },
  account_deleted: {
    subject: 'アカウントが削除されました',
    text: 'アカウントとその内容はすべて完全に削除されました。',
  },
  sign_up_tried: {
    subject: 'このアドレスでの登録が試みられました',
    text: 'このアドレスのアカウントはすでにあります。ご本人であれば、ログインするか、ログイン画面からアカウントを復元してください。変更されたものはありません。',
  },
  refresh_reused: {
    subject: '端末がログアウトされました：キーが二度使われました',
    text: '端末やアプリのログインを保つキーが二度使われたため、複製された可能性があります。そのキーを使っていたところをログアウトしました。',
  },
  details: '日時：{time} · IPアドレス：{source} · 端末：{agent}',
  advice:
    'ご本人であれば何もする必要はありません。そうでなければ、ログインして見覚えのないものを削除し、ほかの端末をログアウトしてください。',
  contact: 'お心当たりがない場合は、このサイトの管理者にお問い合わせください。',
  undo: '変更を元に戻す',
  signIn: 'ログイン',
}
