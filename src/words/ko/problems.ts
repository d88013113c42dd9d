import type { ProblemWords } from '../language.ts'

/** Titles of problem documents, and what to do. */
export const problems: ProblemWords = {
  malformed_request: {
    title: '요청을 읽을 수 없습니다',
    detail: '요청의 형식이 올바르지 않습니다. 구문, 인코딩, 헤더를 확인해 주세요.',
  },
  invalid_fields: {
    title: '올바르지 않은 항목이 있습니다',
    detail: '올바르지 않은 항목이 있습니다. `errors`에 나온 항목을 고쳐 다시 보내 주세요.',
  },
  incorrect_credentials: {
    title: '사용자 이름 또는 비밀번호가 올바르지 않습니다',
    detail: '사용자 이름 또는 비밀번호가 올바르지 않습니다.',
  },
  answer_refused: {
    title: '답이 맞지 않습니다',
    detail: '답이 맞지 않습니다. 확인하고 다시 시도해 주세요.',
  },
  challenge_not_open: {
    title: '인증 요청이 끝났습니다',
    detail: '인증 요청이 없거나 만료되었거나 이미 사용되었습니다. 다시 시작해 주세요.',
  },
  unsupported_grant_type: {
    title: '지원하지 않는 grant type입니다',
    detail:
      '여기서는 password grant만 받습니다. 다른 grant는 OpenID 제공자의 토큰 엔드포인트를 이용해 주세요.',
  },
  invalid_refresh_token: {
    title: '리프레시 토큰이 유효하지 않습니다',
    detail: '리프레시 토큰이 없거나 만료, 취소되었거나 이미 사용되었습니다. 다시 로그인해 주세요.',
  },
  not_authenticated: {
    title: '인증되지 않았습니다',
    detail: '인증되지 않았습니다.',
  },
  invalid_token: {
    title: '인증 정보가 유효하지 않습니다',
    detail: '인증 정보가 유효하지 않습니다.',
  },
  insufficient_user_authentication: {
    title: '더 최근의, 또는 더 강한 로그인이 필요합니다',
    detail: '이 작업에는 인증이 부족하거나 너무 오래되었습니다. 추가 인증 후 다시 요청해 주세요.',
  },
  account_disabled: {
    title: '비활성화된 계정입니다',
    detail: '관리자가 계정을 비활성화했습니다. 사이트에 문의해 주세요.',
  },
  more_evidence_required: {
    title: '추가 인증이 필요합니다',
    detail: '한 가지 인증으로는 부족합니다. 여기 나온 시도를 제시된 방법 중 하나로 계속해 주세요.',
  },
  sign_up_closed: {
    title: '회원 가입을 받지 않습니다',
    detail: '새 계정은 관리자만 만들 수 있습니다.',
  },
  invitation_required: {
    title: '초대가 필요합니다',
    detail: '새 계정을 만들려면 유효한 초대가 필요합니다. 초대 링크를 다시 열거나 새 초대를 요청해 주세요.',
  },
  insufficient_scope: {
    title: '권한(scope)이 부족합니다',
    detail: '토큰에 필요한 scope가 없습니다. 여기 나온 scope의 토큰을 요청해 주세요.',
  },
  cross_site_request: {
    title: '다른 사이트에서 보낸 요청입니다',
    detail: '다른 사이트의 페이지에서 보낸 요청입니다. 이 사이트의 페이지를 열어 다시 보내 주세요.',
  },
  precondition_failed: {
    title: '읽은 뒤에 변경되었습니다',
    detail: '읽은 뒤에 내용이 변경되었습니다. 다시 읽고 새 ETag로 변경해 주세요.',
  },
  last_way_in: {
    title: '마지막 로그인 방법은 삭제할 수 없습니다',
    detail: '마지막 로그인 방법입니다. 먼저 다른 로그인 방법을 등록해 주세요.',
  },
  not_found: {
    title: '찾을 수 없습니다',
    detail: '이 주소에는 아무것도 없거나, 볼 권한이 없습니다.',
  },
  method_not_allowed: {
    title: '허용되지 않는 메서드입니다',
    detail: '이 주소는 해당 메서드를 받지 않습니다. `Allow` 헤더를 확인해 주세요.',
  },
  identifier_taken: {
    title: '이미 사용 중입니다',
    detail: '다른 계정이 사용 중인 이메일 주소, 사용자 이름 또는 전화번호입니다. 다른 것을 선택해 주세요.',
  },
  account_exists: {
    title: '이 주소의 계정이 있습니다',
    detail: '이 이메일 주소의 계정이 이미 있습니다. 다른 방법으로 로그인한 뒤 연결해 주세요.',
  },
  conflict: {
    title: '동시에 변경되었습니다',
    detail: '다른 요청이 동시에 변경했습니다. 다시 읽고 변경해 주세요.',
  },
  last_operator: {
    title: '마지막 관리자는 삭제할 수 없습니다',
    detail: '마지막 관리자입니다. 서버에는 관리자가 있어야 하므로, 먼저 다른 계정을 관리자로 지정해 주세요.',
  },
  last_admin: {
    title: '마지막 조직 관리자는 제외할 수 없습니다',
    detail: '조직의 마지막 관리자입니다. 먼저 다른 구성원을 관리자로 지정해 주세요.',
  },
  domain_not_proved: {
    title: '도메인이 확인되지 않았습니다',
    detail: '도메인의 TXT 레코드를 찾지 못했습니다. 레코드를 등록한 뒤 잠시 후 다시 시도해 주세요.',
  },
  invitation_of_another: {
    title: '다른 주소로 보낸 초대입니다',
    detail:
      '이 계정에서 확인하지 않은 이메일 주소로 보낸 초대입니다. 그 주소를 확인하거나 그 주소의 계정으로 로그인해 주세요.',
  },
  admin_role_required: {
    title: '조직 관리자만 할 수 있습니다',
    detail: '이 계정은 조직의 구성원이지만 관리자가 아닙니다. 조직 관리자에게 요청해 주세요.',
  },
  not_tried: {
    title: '아직 시험하지 않았습니다',
    detail: '먼저 이 연결로 한 번 로그인해서 잘 되는지 확인해 주세요.',
  },
  attempt_over: {
    title: '시도가 끝났습니다',
    detail: '시도가 끝났거나 만료되었습니다. 새로 시작해 주세요.',
  },
  body_too_large: {
    title: '본문이 너무 큽니다',
    detail: '본문이 허용된 크기보다 큽니다.',
  },
  unsupported_media_type: {
    title: '지원하지 않는 콘텐츠 형식입니다',
    detail: '본문의 형식이나 인코딩을 받을 수 없습니다. 압축하지 않은 JSON으로 보내 주세요.',
  },
  weak_password: {
    title: '비밀번호가 너무 약합니다',
    detail: '추측하기 쉬운 비밀번호입니다. `errors`에서 이유를 확인하고 다른 비밀번호를 선택해 주세요.',
  },
  enrolment_refused: {
    title: '등록할 수 없습니다',
    detail: '보낸 내용이 요청과 맞지 않거나 허용되지 않습니다. 다시 시작해 주세요.',
  },
  too_many_attempts: {
    title: '시도가 너무 많습니다',
    detail: '시도가 너무 많습니다. `Retry-After`만큼 기다려 주세요.',
  },
  header_too_large: {
    title: '헤더가 너무 큽니다',
    detail: '요청 헤더가 허용된 크기보다 큽니다.',
  },
  unknown_transfer_coding: {
    title: '알 수 없는 전송 인코딩입니다',
    detail: '`chunked` 전송 인코딩만 지원합니다.',
  },
  internal_error: {
    title: '서버 오류가 발생했습니다',
    detail: '서버의 문제입니다. 로그에서 이 request_id를 찾을 수 있습니다.',
  },
  database_unavailable: {
    title: '데이터베이스에 연결할 수 없습니다',
    detail: '알려진 한 변경된 것은 없습니다. 잠시 후 다시 시도해 주세요.',
  },
  upstream_unavailable: {
    title: '인증 제공자가 응답하지 않습니다',
    detail: '이 연결의 제공자에 접속할 수 없습니다. 다시 시도하거나 다른 방법을 사용해 주세요.',
  },
  busy: {
    title: '서버가 혼잡합니다',
    detail: '대기 중인 작업이 너무 많습니다. 잠시 후 다시 시도해 주세요.',
  },
  not_ready: {
    title: '서버가 준비되지 않았습니다',
    detail: '서버가 시작되거나 종료되는 중입니다. 잠시 후 다시 시도해 주세요.',
  },
  request_timeout: {
    title: '요청 시간이 초과되었습니다',
    detail: '요청이 제시간에 도착하지 않았습니다. 다시 보내 주세요.',
  },
}
