/** The library takes a while to load, so it is loaded with the first connection. */
export const openidClient = () => import('openid-client')
