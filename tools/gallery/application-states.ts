import { consentPage } from '../../src/pages/consent-page.ts'
import { deviceCodePage } from '../../src/pages/device-page.ts'
import { logoutPage } from '../../src/pages/logout-page.ts'
import { dismissPage, messagePage } from '../../src/pages/message-page.ts'
import { words } from '../../src/words/pages.ts'
import { say } from '../../src/words/say.ts'
import { address, siteOf } from './samples.ts'
import type { StatesIn } from './state.ts'

/** What applications lead to: consent, devices, signing out, and errors. */
export const applicationStates: StatesIn = (locale) => {
  const client = siteOf(locale)
  const { device, logout, errors, signIn, site, upstream } = words[locale]
  const wanted = { scopes: ['openid', 'profile', 'email', 'offline_access'], claims: [], resources: {} }
  const consent = {
    locale,
    path: '/oauth/x',
    client,
    host: 'boat.example',
    userCode: null,
    name: address,
    wanted,
  }
  const code = { locale, path: '/oauth/device', xsrf: 'x', code: '' }
  return {
    consent: consentPage(consent),
    'consent-api': consentPage({
      ...consent,
      wanted: { ...wanted, resources: { 'https://api.boat.example': ['orders:read'] } },
    }),
    'device-code': deviceCodePage({ ...code, fault: null }),
    'device-code-wrong': deviceCodePage({ ...code, code: 'WXYZ-1234', fault: 'notFound' }),
    'device-confirm': consentPage({ ...consent, host: null, userCode: 'WXYZ-1234' }),
    'device-done': messagePage(device.doneTitle, device.done),
    logout: logoutPage({ locale, path: '/oauth/logout', xsrf: 'x', client }),
    'logout-done': dismissPage({
      ...{ title: logout.doneTitle, text: logout.done, label: signIn.title, url: '/signin' },
    }),
    'error-request': dismissPage({
      ...{
        title: errors.title,
        text: errors.text,
        detail: 'invalid_request',
        label: site.account,
        url: '/account',
      },
    }),
    'error-ours': dismissPage({
      title: errors.title,
      text: errors.ours,
      detail: 'q0xK2v1Z-5',
      label: site.account,
      url: '/account',
    }),
    'error-no-page': dismissPage({
      title: errors.noPageTitle,
      text: errors.noPage,
      label: site.account,
      url: '/account',
    }),
    'provider-failed': dismissPage({
      title: upstream.failed,
      text: say(locale, upstream.closed, { name: '카카오' }),
      label: upstream.again,
      url: '/signin',
    }),
  }
}
