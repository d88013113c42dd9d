import type { Locale } from '../domain/account.ts'

export const noticeKinds = [
  'new_device',
  'credential_added',
  'credential_changed',
  'credential_removed',
  'credential_disabled',
  'suspected_copy',
  'recovered',
  'identifier_changed',
  'identifier_added',
  'identifier_restored',
  'saved_code_used',
  'account_deleted',
  'sign_up_tried',
  'refresh_reused',
] as const
export type NoticeKind = (typeof noticeKinds)[number]

type NoticeWords = Record<NoticeKind, { subject: string; text: string }> & Record<'details' | 'advice' | 'undo' | 'signIn', string>

/** What owners are told. `{method}` is the method's own name. */
export const noticeWords: Readonly<Record<Locale, NoticeWords>> = {
  en: {
    new_device: {
      subject: 'New sign-in to your account',
      text: 'Your account was signed in to on a device that it had not been used on before ({method}).',
    },
    credential_added: { subject: 'A new way to sign in was added', text: 'A new way to sign in was added to your account: {method}.' },
    credential_changed: { subject: 'Your way to sign in was changed', text: 'This was changed on your account: {method}.' },
    credential_removed: { subject: 'A way to sign in was removed', text: 'This was removed from your account: {method}.' },
    credential_disabled: {
      subject: 'A way to sign in was turned off',
      text: 'Somebody gave too many wrong answers, so this was turned off: {method}. Sign in another way to turn it on again.',
    },
    suspected_copy: {
      subject: 'A sign-in was refused: a key may have been copied',
      text: 'A sign-in with {method} was refused, because it looked as if there were two copies of the key. Remove it and set up a new one.',
    },
    recovered: {
      subject: 'Your account was recovered',
      text: 'Your account was recovered with {method}. All other devices were signed out.',
    },
    identifier_changed: {
      subject: 'Your address was changed',
      text: 'The address of your account was changed, and this one no longer belongs to it. If it was not you, undo the change within 72 hours.',
    },
    identifier_added: { subject: 'This address now belongs to your account', text: 'This address was added to your account.' },
    identifier_restored: {
      subject: 'The change of address was undone',
      text: 'Your former address belongs to your account again. All devices were signed out.',
    },
    saved_code_used: {
      subject: 'A recovery code was used',
      text: 'Somebody signed in to your account with one of your saved codes ({method}). Each works once; make a new set if few are left.',
    },
    account_deleted: { subject: 'Your account was deleted', text: 'Your account, with all that was in it, was deleted for good.' },
    sign_up_tried: {
      subject: 'Somebody tried to sign up with your address',
      text: 'You have an account with this address already. If it was you, sign in with it, or get back in from there. Nothing was changed.',
    },
    refresh_reused: {
      subject: 'A device was signed out: its key was used twice',
      text: 'A key that keeps a device or an application signed in was used a second time, so it may have been copied. Whatever held it was signed out.',
    },
    details: 'Time: {time}. Address: {source}. Device: {agent}.',
    advice: 'If this was you, there is nothing to do. If not, sign in, remove what you do not know, and sign out the other devices.',
    undo: 'Undo the change',
    signIn: 'Sign in',
  },
  ko: {
    new_device: { subject: '새 기기에서 로그인했습니다', text: '이전에 쓰지 않던 기기에서 계정에 로그인했습니다({method}).' },
    credential_added: { subject: '새 로그인 수단이 추가되었습니다', text: '계정에 새 로그인 수단이 추가되었습니다: {method}.' },
    credential_changed: { subject: '로그인 수단이 바뀌었습니다', text: '계정에서 다음이 바뀌었습니다: {method}.' },
    credential_removed: { subject: '로그인 수단이 삭제되었습니다', text: '계정에서 다음이 삭제되었습니다: {method}.' },
    credential_disabled: {
      subject: '로그인 수단이 꺼졌습니다',
      text: '잘못된 응답이 너무 많아 다음을 껐습니다: {method}. 다른 수단으로 로그인하면 다시 켜집니다.',
    },
    suspected_copy: {
      subject: '로그인을 막았습니다: 키가 복제되었을 수 있습니다',
      text: '키의 사본이 둘인 것처럼 보여 {method} 로그인을 막았습니다. 그 키를 삭제하고 새로 등록해 주세요.',
    },
    recovered: { subject: '계정을 복구했습니다', text: '{method}(으)로 계정을 복구했습니다. 다른 기기는 모두 로그아웃되었습니다.' },
    identifier_changed: {
      subject: '주소가 바뀌었습니다',
      text: '계정의 주소가 바뀌어 이 주소는 더 이상 계정에 속하지 않습니다. 본인이 아니라면 72시간 안에 되돌려 주세요.',
    },
    identifier_added: { subject: '이 주소가 계정에 등록되었습니다', text: '이 주소가 계정에 추가되었습니다.' },
    identifier_restored: { subject: '주소 변경을 되돌렸습니다', text: '이전 주소가 다시 계정에 속합니다. 모든 기기가 로그아웃되었습니다.' },
    saved_code_used: {
      subject: '복구 코드가 사용되었습니다',
      text: '저장해 둔 코드 하나로 계정에 로그인했습니다({method}). 코드는 한 번만 쓸 수 있습니다. 얼마 남지 않았다면 새로 만들어 주세요.',
    },
    account_deleted: { subject: '계정이 삭제되었습니다', text: '계정과 그 안의 모든 내용이 완전히 삭제되었습니다.' },
    sign_up_tried: {
      subject: '이 주소로 가입을 시도했습니다',
      text: '이 주소로 만든 계정이 이미 있습니다. 본인이라면 로그인하거나 로그인 화면에서 계정을 되찾아 주세요. 바뀐 것은 없습니다.',
    },
    refresh_reused: {
      subject: '기기가 로그아웃되었습니다: 키가 두 번 사용되었습니다',
      text: '기기나 앱의 로그인을 유지하는 키가 두 번 사용되어 복제되었을 수 있습니다. 그 키를 쓰던 곳을 로그아웃했습니다.',
    },
    details: '시각: {time}. 주소: {source}. 기기: {agent}.',
    advice: '본인이라면 하실 일이 없습니다. 아니라면 로그인하여 모르는 항목을 삭제하고 다른 기기를 로그아웃해 주세요.',
    undo: '변경 되돌리기',
    signIn: '로그인',
  },
  ja: {
    new_device: { subject: '新しい端末でのログイン', text: 'これまで使われていない端末でアカウントにログインしました（{method}）。' },
    credential_added: { subject: 'ログイン方法が追加されました', text: 'アカウントに新しいログイン方法が追加されました：{method}。' },
    credential_changed: { subject: 'ログイン方法が変更されました', text: 'アカウントの次の項目が変更されました：{method}。' },
    credential_removed: { subject: 'ログイン方法が削除されました', text: 'アカウントから次の項目が削除されました：{method}。' },
    credential_disabled: {
      subject: 'ログイン方法が無効になりました',
      text: '誤った回答が多すぎたため、次の項目を無効にしました：{method}。別の方法でログインすると有効に戻ります。',
    },
    suspected_copy: {
      subject: 'ログインを拒否しました：キーが複製された可能性があります',
      text: 'キーが二つあるように見えたため、{method}でのログインを拒否しました。そのキーを削除して新しく登録してください。',
    },
    recovered: {
      subject: 'アカウントを復旧しました',
      text: '{method}でアカウントを復旧しました。ほかの端末はすべてログアウトされました。',
    },
    identifier_changed: {
      subject: 'アドレスが変更されました',
      text: 'アカウントのアドレスが変更され、このアドレスは使われなくなりました。心当たりがなければ72時間以内に元に戻してください。',
    },
    identifier_added: { subject: 'このアドレスがアカウントに登録されました', text: 'このアドレスがアカウントに追加されました。' },
    identifier_restored: {
      subject: 'アドレスの変更を元に戻しました',
      text: '以前のアドレスがアカウントに戻りました。すべての端末がログアウトされました。',
    },
    saved_code_used: {
      subject: '復旧コードが使われました',
      text: '保存したコードの一つでアカウントにログインしました（{method}）。コードは一度だけ使えます。残りが少なければ作り直してください。',
    },
    account_deleted: { subject: 'アカウントが削除されました', text: 'アカウントとその内容はすべて完全に削除されました。' },
    sign_up_tried: {
      subject: 'このアドレスで登録しようとした人がいます',
      text: 'このアドレスのアカウントはすでにあります。ご本人であれば、ログインするか、ログイン画面からアカウントを復旧してください。変更されたものはありません。',
    },
    refresh_reused: {
      subject: '端末がログアウトされました：キーが二度使われました',
      text: '端末やアプリのログインを保つキーが二度使われたため、複製された可能性があります。そのキーを使っていたところをログアウトしました。',
    },
    details: '時刻：{time}。アドレス：{source}。端末：{agent}。',
    advice:
      'ご本人であれば何もする必要はありません。そうでなければ、ログインして見覚えのないものを削除し、ほかの端末をログアウトしてください。',
    undo: '変更を元に戻す',
    signIn: 'ログイン',
  },
}
