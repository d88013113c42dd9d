import { activityPage } from '../../src/pages/account/activity-page.ts'
import { type AddressPage, addressPage } from '../../src/pages/account/address-page.ts'
import { dataPage, deletedPage, deletePage } from '../../src/pages/account/data-pages.ts'
import { type OverviewPage, overviewPage } from '../../src/pages/account/overview-page.ts'
import { rescuePage } from '../../src/pages/account/rescue-page.ts'
import { credentialPage, type SetUpPage, setUpPage } from '../../src/pages/account/way-pages.ts'
import { undoPage } from '../../src/pages/undo-page.ts'
import * as sample from './samples.ts'
import type { StatesIn } from './state.ts'

const { address, method, now } = sample
const qr =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><path d="M0 0h1v1H0zm2 0h2v2H2zM1 2h1v2H1z"/></svg>'

const lines = [
  { at: now - 60_000, what: 'sign_in.succeeded', method: 'Passkey', source: '203.0.113.7' },
  { at: now - 3_600_000, what: 'credential.added', method: 'Passkey', source: '203.0.113.7' },
  { at: now - 86_400_000, what: 'account.created', method: '', source: null },
] as const

/** The account's own pages. */
export const accountStates: StatesIn = (locale) => {
  const reader = { locale, zone: 'Asia/Seoul' }
  const canAdd = ['passkey', 'password', 'totp', 'recovery-code'].map(method)
  const fresh: OverviewPage = {
    ...{
      reader,
      account: sample.account(locale),
      label: sample.personOf(locale),
      canAdd,
      canLink: sample.upstreams(locale),
    },
    credentials: [
      { credential: sample.credential('password'), method: method('password'), details: {}, upstream: null },
    ],
    security: {
      tasks: [
        { what: 'address', isDone: true, way: null },
        { what: 'second', isDone: false, way: method('totp') },
        { what: 'resistant', isDone: false, way: method('passkey') },
      ],
      operator: 'locked',
    },
    ...{ session: sample.session(), sessions: [sample.session()], applications: [], activity: [] },
    ...{ organisations: [], invitedBy: null },
    ...{ fault: null, said: 'welcome' },
  }
  const other = sample.session({
    id: 'ses_01m8nk0d50e7dv5tdwwmeapcqa',
    userAgent: 'curl/8.5',
    usedAt: now - 9e7,
  })
  const row = (kind: string, given = {}, details = {}) => ({
    ...{ credential: sample.credential(kind, given), method: method(kind), details, upstream: null },
  })
  const full: OverviewPage = {
    ...fresh,
    credentials: [
      row('passkey', { name: 'Chrome · Linux' }),
      row('password'),
      row('totp', { disabledAt: now }),
      row('recovery-code', {}, { remaining: 3 }),
    ],
    security: { tasks: fresh.security.tasks.map((task) => ({ ...task, isDone: true })), operator: 'granted' },
    sessions: [fresh.session, other],
    applications: [
      { id: 'cli_x', name: sample.siteOf(locale), scopes: ['openid', 'email'], sessions: 1, offline: true },
    ],
    ...{ activity: lines, said: 'added' },
  }
  return {
    'new': overviewPage(fresh),
    'everything-set-up': overviewPage(full),
    'last-way-in': overviewPage({ ...full, said: null, fault: 'lastWayIn' }),
    activity: activityPage({ reader, lines, older: '/account/activity?before=x' }),
    'activity-empty': activityPage({ reader, lines: [], older: null }),
    credential: credentialPage({ ...full.credentials[0], locale, fault: null } as never),
    data: dataPage(locale),
    delete: deletePage({ locale, name: address, fault: null }),
    'delete-mistyped': deletePage({ locale, name: address, fault: 'confirmDelete' }),
    deleted: deletedPage(locale),
    rescue: rescuePage({
      ...{ reader, fault: null, said: null, missing: [method('password')], activity: lines },
      credentials: [{ credential: sample.credential('totp', { suspendedAt: now }), method: method('totp') }],
      identifiers: [sample.identifier({ suspendedAt: now })],
    }),
    undo: undoPage({ reader, state: 'ask', token: 'x', address, since: lines }),
    'undo-done': { ...undoPage({ reader, state: 'done', returnUrl: '#' }), continueUrl: undefined } as never,
    'undo-over': undoPage({ reader, state: 'over' }),
  }
}

/** An address is changed, and a method is set up. */
export const setUpStates: StatesIn = (locale) => {
  const email: AddressPage = {
    ...{
      locale,
      kind: 'email',
      current: address,
      isVerified: false,
      prefix: '+82',
      sentTo: address,
      waitSeconds: 30,
    },
    ...{ fault: null, said: 'welcome', message: undefined, typed: undefined },
  }
  const phone: AddressPage = {
    ...email,
    kind: 'phone',
    current: null,
    sentTo: null,
    waitSeconds: 0,
    said: null,
  }
  const setUp = (id: string, given: Partial<SetUpPage> = {}) =>
    setUpPage({
      ...{ locale, method: method(id), page: method(id).enrol?.page as SetUpPage['page'], challenge: null },
      ...{
        defaultName: '',
        isReplaced: false,
        asksFormer: false,
        preview: undefined,
        fault: null,
        said: null,
      },
      message: undefined,
      ...given,
    })
  const password = method('password')
  const preview = sample.previewIn(locale)
  const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
  const codes = Array.from({ length: 10 }, (_, at) => `${at}k2m-9qrt-${at}xyz`)
  return {
    'email-verify': addressPage(email),
    'email-wrong-code': addressPage({ ...email, said: null, fault: 'wrong' }),
    phone: addressPage(phone),
    'phone-wrong': addressPage({ ...phone, typed: '010-12', message: '전화번호 형식이 올바르지 않습니다.' }),
    passkey: setUp('passkey', { challenge: {}, defaultName: 'Chrome · Linux' }),
    'password-new': setUp('password', { preview, said: 'recovered' }),
    'password-change': setUp('password', { preview, isReplaced: true, asksFormer: true }),
    'password-weak': setUp('password', {
      preview,
      message: password.words[locale].common as string,
      fault: 'weak',
    }),
    app: setUp('totp', { challenge: { qr_svg: qr, secret, uri: 'otpauth://totp/x' } }),
    'app-wrong': setUp('totp', {
      challenge: { qr_svg: qr, secret, uri: 'otpauth://totp/x' },
      ...{ fault: 'unknown', message: method('totp').words[locale].wrong as string },
    }),
    'recovery-codes': setUp('recovery-code', { challenge: { codes } }),
  }
}
