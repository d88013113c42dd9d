import type { NoticeWords } from '../language.ts'

/** What owners are told. `{method}` is the method's own name. */
export const notices: NoticeWords = {
  new_device: {
    subject: '새 기기에서 로그인했습니다',
    text: '이전에 사용하지 않던 기기에서 계정에 로그인했습니다({method}).',
  },
  credential_added: {
    subject: '새 로그인 방법이 추가되었습니다',
    text: '계정에 새 로그인 방법이 추가되었습니다: {method}.',
  },
  credential_changed: {
    subject: '로그인 방법이 변경되었습니다',
    text: '계정에서 다음이 변경되었습니다: {method}.',
  },
  credential_removed: {
    subject: '로그인 방법이 삭제되었습니다',
    text: '계정에서 다음이 삭제되었습니다: {method}.',
  },
  credential_disabled: {
    subject: '로그인 방법이 사용 중지되었습니다',
    text: '여러 번 잘못 입력하여 다음을 사용 중지했습니다: {method}. 다른 방법으로 로그인하면 다시 사용할 수 있습니다.',
  },
  suspected_copy: {
    subject: '로그인을 막았습니다: 키가 복제되었을 수 있습니다',
    text: '키의 사본이 둘인 것처럼 보여 {method} 로그인을 막았습니다. 그 키를 삭제하고 새로 등록해 주세요.',
  },
  recovered: {
    subject: '계정을 복구했습니다',
    text: '{method}(으)로 계정을 복구했습니다. 다른 기기는 모두 로그아웃되었습니다.',
  },
  identifier_changed: {
    subject: '계정의 주소가 변경되었습니다',
    text: '계정의 주소가 변경되어 이 주소는 더 이상 계정에 속하지 않습니다. 본인이 아니라면 72시간 안에 되돌려 주세요.',
  },
  identifier_added: { subject: '이 주소가 계정에 등록되었습니다', text: '이 주소가 계정에 추가되었습니다.' },
  identifier_restored: {
    subject: '주소 변경을 되돌렸습니다',
    text: '이전 주소가 다시 계정에 속합니다. 모든 기기가 로그아웃되었습니다.',
  },
  saved_code_used: {
    subject: '복구 코드가 사용되었습니다',
    text: '저장해 둔 코드 하나로 계정에 로그인했습니다({method}). 코드는 한 번만 사용할 수 있습니다. 얼마 남지 않았다면 새로 만들어 주세요.',
  },
  account_deleted: {
    subject: '계정이 삭제되었습니다',
    text: '계정과 관련 데이터가 모두 삭제되었습니다.',
  },
  sign_up_tried: {
    subject: '이 주소로 가입을 시도했습니다',
    text: '이 주소로 만든 계정이 이미 있습니다. 본인이라면 로그인하거나 로그인 화면에서 계정을 복구해 주세요. 변경된 내용은 없습니다.',
  },
  refresh_reused: {
    subject: '기기가 로그아웃되었습니다: 키가 두 번 사용되었습니다',
    text: '기기나 앱의 로그인을 유지하는 키가 두 번 사용되어 복제되었을 수 있습니다. 그 키를 쓰던 곳을 로그아웃했습니다.',
  },
  details: '시각: {time} · IP 주소: {source} · 기기: {agent}',
  advice:
    '본인이라면 하실 일이 없습니다. 아니라면 로그인하여 모르는 항목을 삭제하고 다른 기기를 로그아웃해 주세요.',
  contact: '본인이 한 일이 아니라면 이 사이트의 관리자에게 문의해 주세요.',
  undo: '변경 되돌리기',
  signIn: '로그인',
}
