import type { ProblemWords } from '../language.ts'

/** Titles of problem documents, and what to do. */
export const problems: ProblemWords = {
  malformed_request: {
    title: 'リクエストを読み取れません',
    detail: 'リクエストの形式が正しくありません。構文、文字コード、ヘッダーを確認してください。',
  },
  invalid_fields: {
    title: '入力に誤りがあります',
    detail: '正しくない項目があります。`errors` の項目を修正して、もう一度送信してください。',
  },
  incorrect_credentials: {
    title: 'ユーザー名またはパスワードが正しくありません',
    detail: 'ユーザー名またはパスワードが正しくありません。',
  },
  answer_refused: {
    title: '答えが正しくありません',
    detail: '答えが正しくありません。確認して、もう一度お試しください。',
  },
  challenge_not_open: {
    title: '認証要求は終了しました',
    detail: '認証要求が存在しないか、期限切れか、すでに使われています。最初からやり直してください。',
  },
  unsupported_grant_type: {
    title: '対応していないグラントタイプです',
    detail:
      'ここでは password グラントのみ使えます。ほかのグラントは OpenID プロバイダーのトークンエンドポイントをお使いください。',
  },
  invalid_refresh_token: {
    title: 'リフレッシュトークンが無効です',
    detail:
      'リフレッシュトークンが存在しないか、期限切れか、取り消されたか、すでに使われています。もう一度ログインしてください。',
  },
  not_authenticated: {
    title: '認証されていません',
    detail: '認証されていません。',
  },
  invalid_token: {
    title: '認証情報が無効です',
    detail: '認証情報が無効です。',
  },
  insufficient_user_authentication: {
    title: 'より新しい、またはより強い認証が必要です',
    detail:
      'この操作には認証が足りないか、時間が経ちすぎています。追加の認証をしてから、もう一度お試しください。',
  },
  account_disabled: {
    title: 'アカウントは無効になっています',
    detail: '管理者がアカウントを無効にしました。サイトにお問い合わせください。',
  },
  more_evidence_required: {
    title: '追加の認証が必要です',
    detail: '一つの認証では足りません。示された方法で、この認証を続けてください。',
  },
  sign_up_closed: {
    title: '新規登録は受け付けていません',
    detail: '新しいアカウントは管理者だけが作成できます。',
  },
  invitation_required: {
    title: '招待が必要です',
    detail:
      'アカウントの作成には有効な招待が必要です。招待のリンクをもう一度開くか、新しい招待を依頼してください。',
  },
  insufficient_scope: {
    title: 'スコープが足りません',
    detail: 'トークンに必要なスコープがありません。示されたスコープのトークンを要求してください。',
  },
  cross_site_request: {
    title: '別のサイトからのリクエストです',
    detail: '別のサイトのページから送信されました。このサイトのページを開いて送信してください。',
  },
  precondition_failed: {
    title: '読み込んだ後に変更されています',
    detail: '読み込んだ後に内容が変更されました。もう一度読み込み、新しい ETag で変更してください。',
  },
  last_way_in: {
    title: '最後のログイン方法は削除できません',
    detail: '最後のログイン方法です。先に別のログイン方法を登録してください。',
  },
  not_found: {
    title: '見つかりません',
    detail: 'このアドレスには何もないか、表示する権限がありません。',
  },
  method_not_allowed: {
    title: '許可されていないメソッドです',
    detail: 'このアドレスでは使えないメソッドです。`Allow` ヘッダーを確認してください。',
  },
  identifier_taken: {
    title: 'すでに使われています',
    detail:
      '別のアカウントが使っているメールアドレス、ユーザー名、または電話番号です。別のものを選んでください。',
  },
  account_exists: {
    title: 'このアドレスのアカウントがあります',
    detail: 'このメールアドレスのアカウントがすでにあります。別の方法でログインしてから連携してください。',
  },
  conflict: {
    title: '同時に変更されました',
    detail: '別のリクエストが同時に変更しました。もう一度読み込んで変更してください。',
  },
  last_operator: {
    title: '最後の管理者は削除できません',
    detail: '最後の管理者です。サーバーには管理者が必要なので、先に別のアカウントを管理者にしてください。',
  },
  last_admin: {
    title: '最後の管理者は外せません',
    detail: '組織の最後の管理者です。先に別のメンバーを管理者にしてください。',
  },
  domain_not_proved: {
    title: 'ドメインを確認できません',
    detail:
      'ドメインのTXTレコードが見つかりません。レコードを登録し、しばらくしてからもう一度お試しください。',
  },
  invitation_of_another: {
    title: '別のアドレス宛ての招待です',
    detail:
      'このアカウントで確認していないメールアドレス宛ての招待です。そのアドレスを確認するか、そのアドレスのアカウントでログインしてください。',
  },
  admin_role_required: {
    title: '組織の管理者だけができます',
    detail: 'このアカウントは組織のメンバーですが、管理者ではありません。組織の管理者に依頼してください。',
  },
  not_tried: {
    title: 'まだ試していません',
    detail: '先にこの接続で一度ログインして、使えることを確認してください。',
  },
  attempt_over: {
    title: '認証は終了しました',
    detail: '認証が終了したか、期限切れです。最初からやり直してください。',
  },
  body_too_large: {
    title: '本文が大きすぎます',
    detail: '本文が許可された大きさを超えています。',
  },
  unsupported_media_type: {
    title: '対応していないコンテンツ形式です',
    detail: '本文の形式または符号化に対応していません。圧縮していない JSON で送信してください。',
  },
  weak_password: {
    title: 'パスワードが弱すぎます',
    detail: '推測されやすいパスワードです。`errors` の理由を確認し、別のパスワードを選んでください。',
  },
  enrolment_refused: {
    title: '登録できません',
    detail: '送信された内容が要求と合わないか、許可されていません。最初からやり直してください。',
  },
  too_many_attempts: {
    title: '試行回数が多すぎます',
    detail: '試行回数が多すぎます。`Retry-After` の時間だけお待ちください。',
  },
  header_too_large: {
    title: 'ヘッダーが大きすぎます',
    detail: 'リクエストヘッダーが許可された大きさを超えています。',
  },
  unknown_transfer_coding: {
    title: '不明な転送符号化です',
    detail: '転送符号化は `chunked` のみ使えます。',
  },
  internal_error: {
    title: 'サーバーエラーが発生しました',
    detail: 'サーバーの問題です。ログにこの request_id の行があります。',
  },
  database_unavailable: {
    title: 'データベースに接続できません',
    detail: 'わかっている限り、何も変更されていません。しばらくしてからもう一度お試しください。',
  },
  upstream_unavailable: {
    title: 'IDプロバイダーが応答しません',
    detail: 'この接続のプロバイダーに接続できません。もう一度試すか、別の方法を使ってください。',
  },
  busy: {
    title: 'サーバーが混み合っています',
    detail: '待ち行列がいっぱいです。しばらくしてからもう一度お試しください。',
  },
  not_ready: {
    title: 'サーバーの準備ができていません',
    detail: 'サーバーは起動中または停止中です。しばらくしてからもう一度お試しください。',
  },
  request_timeout: {
    title: 'リクエストがタイムアウトしました',
    detail: 'リクエストが時間内に届きませんでした。もう一度送信してください。',
  },
}
