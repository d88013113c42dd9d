/** Loaded with the first SAML connection that is used. */
export const nodeSaml = (): Promise<typeof import('@node-saml/node-saml')> => import('@node-saml/node-saml')
