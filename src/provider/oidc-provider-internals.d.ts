/** A module of the library for custom grants, missing in its types. */
declare module 'oidc-provider/lib/helpers/validate_dpop.js' {
  import type { KoaContextWithOIDC, Provider } from 'oidc-provider'

  /** The proof of the request (RFC 9449 §4.3); undefined if there is none. Throws where it is not good. */
  // biome-ignore lint/style/noDefaultExport: as the library has it
  export default function validateDpop(
    provider: Provider,
    ctx: KoaContextWithOIDC,
  ): Promise<{ thumbprint: string; jti: string; iat: number } | undefined>
}
