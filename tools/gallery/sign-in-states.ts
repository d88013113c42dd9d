import { directoryPage } from '../../src/pages/directory-page.ts'
import { linkPage, linkResultPage } from '../../src/pages/link-page.ts'
import { choosePage, type NamePage, namePage } from '../../src/pages/name-page.ts'
import { offerPage } from '../../src/pages/offer-page.ts'
import { type ProvePage, provePage } from '../../src/pages/prove-page.ts'
import { recoveryLinkPage } from '../../src/pages/recovery-link-page.ts'
import { type SignUpForm, signUpForm } from '../../src/pages/sign-up-page.ts'
import { accountExistsPage, confirmLinkPage } from '../../src/pages/upstream-pages.ts'
import { words } from '../../src/words/pages.ts'
import { address, method, now, personOf, previewIn, siteOf, upstreams } from './samples.ts'
import type { StatesIn } from './state.ts'

/** Name, account chooser, proof, links, recovery. */
export const signInStates: StatesIn = (locale) => {
  const client = siteOf(locale)
  const name: NamePage = {
    ...{ locale, purpose: 'sign-in', path: '/signin', client: null, acr: null, welcome: null, name: '' },
    ...{
      fault: null,
      wait: undefined,
      recents: [],
      forgetPath: '/signin/forget',
      nameless: [method('passkey')],
    },
    ...{ upstreams: [], returnUrl: '/signin/done', continueUrl: '/signin/{attempt}' },
    links: { signUp: '/signup', recover: '/recover', signIn: '/signin' },
  }
  const recents = [
    { username: address, label: personOf(locale) },
    {
      username: 'taro.yamada@a-very-long-company-name.example',
      label: 'taro.yamada@a-very-long-company-name.example',
    },
  ]
  const prove: ProvePage = {
    ...{
      locale,
      path: '/signin/att',
      client,
      fault: null,
      wait: undefined,
      purpose: 'sign-in',
      attempt: 'att',
    },
    ...{
      name: address,
      start: '/signin',
      recover: '/recover',
      rememberedDays: 30,
      method: method('password'),
    },
    ...{ upstreams: [], challenge: null, waitSeconds: 0, others: [method('passkey'), method('email-code')] },
    ...{ isFurther: false, reasons: [], returnUrl: '/signin/done', continueUrl: '/signin/att' },
  }
  const directory = {
    ...{ locale, method: method('ldap'), name: siteOf(locale), username: address, fault: null },
    ...{ wait: undefined, path: '/signin/att/with/corp', others: '/signin/att' },
  }
  const { why } = words[locale]
  const further = { ...prove, isFurther: true, reasons: [why.secondFactor, why.lacks] }
  const sent = { ...prove, challenge: { sent_to: 'm…@example.com' }, waitSeconds: 30 }
  return {
    name: namePage(name),
    'name-of-application': namePage({ ...name, client, welcome: '환영합니다', upstreams: upstreams(locale) }),
    'name-recent-accounts': namePage({ ...name, recents }),
    'name-throttled': namePage({ ...name, fault: 'throttled', wait: '15' }),
    'name-recover': namePage({ ...name, purpose: 'recover' }),
    choose: choosePage({
      ...{ locale, client: null, path: '/signin/choose', another: '/signin?another=yes' },
      accounts: recents.map(({ username, label }) => ({ session: username, name: username, label })),
    }),
    password: provePage(prove),
    'password-wrong': provePage({ ...prove, fault: 'wrong' }),
    'password-throttled': provePage({ ...prove, fault: 'throttled', wait: '2' }),
    passkey: provePage({ ...prove, method: method('passkey'), others: [method('password')] }),
    'second-step': provePage({ ...further, method: method('totp'), others: [method('recovery-code')] }),
    'second-step-wrong': provePage({ ...further, method: method('totp'), fault: 'wrong' }),
    'second-step-recovery-code': provePage({ ...further, method: method('recovery-code') }),
    'mail-code-ask': provePage({ ...prove, method: method('email-code') }),
    'mail-code-sent': provePage({ ...sent, method: method('email-code') }),
    'mail-link-sent': provePage({
      ...{ ...sent, method: method('email-link') },
      challenge: { sent_to: 'm…@example.com', number: '12' },
    }),
    'text-code-sent': provePage({
      ...sent,
      method: method('sms-code'),
      challenge: { sent_to: '+82 ··· 5678' },
    }),
    'providers-only': provePage({ ...prove, method: null, others: [], upstreams: upstreams(locale) }),
    disabled: provePage({ ...prove, fault: 'disabled' }),
    directory: directoryPage(directory),
    'directory-wrong': directoryPage({ ...directory, fault: 'wrong', username: 'kim' }),
    'directory-link': directoryPage({ ...directory, isLink: true, others: '/account' }),
    'directory-link-disabled': directoryPage({
      ...{ ...directory, isLink: true, others: '/account', fault: 'wrong', username: 'kim' },
      message: method('ldap').words[locale].disabled,
    }),
    offer: offerPage({ locale, method: method('passkey'), url: '/account' }),
    ...linkStates(locale),
  }
}

const linkStates: StatesIn = (locale) => {
  const reader = { locale, zone: 'Asia/Seoul' }
  const link = {
    ...{ reader, path: '/link/email-link', challenge: 'x', token: 'y', source: '203.0.113.7' },
    startedAt: now,
  }
  const results = ['over', 'signed_in', 'go_on', 'approved'] as const
  return {
    'link-here': linkPage({ ...link, isHere: true, fault: false }),
    'link-elsewhere': linkPage({ ...link, isHere: false, fault: false }),
    'link-wrong-number': linkPage({ ...link, isHere: false, fault: true }),
    ...Object.fromEntries(
      results.map((outcome) => [`link-${outcome.replace('_', '-')}`, linkResultPage({ locale, outcome })]),
    ),
    'recovery-link': recoveryLinkPage({ locale, state: 'ask', path: '/recovery', token: 'x', name: address }),
    'recovery-link-over': recoveryLinkPage({ locale, state: 'over' }),
  }
}

/** Both steps, and what can be wrong with them. */
export const signUpStates: StatesIn = (locale) => {
  const client = siteOf(locale)
  const own = words[locale].signUp
  const password = method('password')
  const preview = previewIn(locale)
  const who: SignUpForm = {
    ...{
      locale,
      step: 'who',
      path: '/signup',
      client: null,
      signIn: '/signin',
      values: {},
      invitation: null,
    },
    ...{ forOperator: false, methods: [{ method: password, preview }], instead: method('passkey') },
    ...{ upstreams: [], links: {}, fault: null },
  }
  const how: SignUpForm = { ...who, step: 'how', values: { email: address } }
  return {
    who: signUpForm(who),
    'who-of-application': signUpForm({ ...who, client, upstreams: upstreams(locale) }),
    'who-empty': signUpForm({
      ...who,
      fault: { code: 'invalid_fields', fields: { email: own.emailRequired } },
    }),
    'who-closed': signUpForm({ ...who, fault: { code: 'sign_up_closed', fields: {} } }),
    'who-operator': signUpForm({ ...who, forOperator: true, signIn: null, instead: undefined }),
    how: signUpForm(how),
    'how-with-terms': signUpForm({
      ...how,
      links: { terms: 'https://boat.example/terms', privacy: 'https://boat.example/privacy' },
    }),
    'how-weak': signUpForm({
      ...how,
      fault: { code: 'weak_password', fields: { password: password.words[locale].common as string } },
    }),
    'account-exists': accountExistsPage({
      locale,
      name: '카카오',
      address: 'm…@example.com',
      path: '/signin/att',
    }),
    'confirm-link': confirmLinkPage({
      ...{ locale, name: '카카오', account: address, path: '/link', fault: null, interaction: null },
    }),
  }
}
