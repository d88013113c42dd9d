/** Where the other side of SAML describes itself; `entityId` chooses one of several. */
export type MetadataSource = ({ xml: string } | { url: string }) & { entityId?: string }
