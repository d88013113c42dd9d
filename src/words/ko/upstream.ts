/** On the way to an account at another provider, and back. */
export const upstream = {
  with: '{name}(으)로 로그인',
  more: '다른 방법',
  recent: '최근 로그인',
  going: '{name}(으)로 이동하는 중…',
  signingOut: '{name}에서 로그아웃하는 중…',
  returning: '로그인하는 중…',
  over: '시간이 지났거나 다른 브라우저에서 시작한 로그인입니다. 다시 시작해 주세요.',
  failed: '로그인하지 못했습니다',
  again: '로그인으로 돌아가기',
  back: '내 계정으로 돌아가기',
  closed:
    '{name}에 연결된 계정이 없고, 이 방법으로는 새 계정을 만들 수 없습니다. 다른 방법으로 로그인한 뒤 내 계정에서 연결해 주세요.',
  existsTitle: '이미 계정이 있습니다',
  exists: '{address} 이메일로 만든 계정이 있습니다. 본인 확인 후 {name} 계정을 연결합니다.',
  linkTitle: '{name} 계정을 연결할까요?',
  linkText: '연결하면 {name}(으)로 {account} 계정에 로그인할 수 있습니다.',
  link: '연결',
  notNow: '나중에',
  add: '{name} 연결',
}
