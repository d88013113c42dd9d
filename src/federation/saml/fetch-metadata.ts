import type { MetadataSource } from '../../domain/metadata-source.ts'
import { okReply, rethrowFault } from '../upstream-fault.ts'
import type { UpstreamFetch } from '../upstream-fetch.ts'
import { readMetadata } from './metadata.ts'

/** The settings that metadata fills in, and when they have to be looked at again. Throws UpstreamFault. */
export async function fetchMetadata(
  { source, now }: { source: MetadataSource; now: number },
  upstreamFetch: UpstreamFetch,
): Promise<{ settings: Record<string, unknown>; expiresAt: number }> {
  const xml = await loadMetadata(source, upstreamFetch)
  const { expiresAt, ...settings } = readMetadata(xml, { entityId: source.entityId, now })
  return { settings: { ...settings, ...('url' in source && { metadata_url: source.url }) }, expiresAt }
}

/** Throws UpstreamFault. */
export const loadMetadata = async (source: MetadataSource, upstreamFetch: UpstreamFetch): Promise<string> =>
  'xml' in source ? source.xml : load(source.url, upstreamFetch).catch(rethrowFault)

const load = async (url: string, upstreamFetch: UpstreamFetch): Promise<string> =>
  okReply(
    url,
    await upstreamFetch(url, { headers: { accept: 'application/samlmetadata+xml, application/xml' } }),
  ).text()
