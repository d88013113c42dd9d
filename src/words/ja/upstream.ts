/** On the way to an account at another provider, and back. */
export const upstream = {
  with: '{name}でログイン',
  more: 'その他の方法',
  recent: '前回のログイン',
  going: '{name}に移動しています…',
  signingOut: '{name}からログアウトしています…',
  returning: 'ログインしています…',
  over: '時間が過ぎたか、別のブラウザーで始めたログインです。もう一度始めてください。',
  failed: 'ログインできませんでした',
  again: 'ログインに戻る',
  back: 'マイアカウントに戻る',
  closed:
    '{name}と連携しているアカウントがなく、この方法では新しいアカウントを作成できません。別の方法でログインしてから、マイアカウントで連携してください。',
  existsTitle: 'アカウントはすでにあります',
  exists: '{address}のアカウントがあります。本人確認のあと、{name}と連携します。',
  linkTitle: '{name}と連携しますか？',
  linkText: '連携すると、{name}で{account}にログインできます。',
  link: '連携する',
  notNow: 'あとで',
  add: '{name}と連携',
}
