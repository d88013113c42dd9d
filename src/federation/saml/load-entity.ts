import type { MetadataSource } from '../../domain/metadata-source.ts'
import { okReply, rethrowFault } from '../upstream-fault.ts'
import type { UpstreamFetch } from '../upstream-fetch.ts'
import { entityIn, type WantedEntity } from './entity.ts'
import { largeEntity } from './large-entity.ts'
import { parseXml } from './xml.ts'

const megabyte = 1024 * 1024
/** An aggregate with thousands of providers. */
const largeBytesMax = 64 * megabyte
const largeMilliseconds = 60_000

/** The entity that a source describes. Throws UpstreamFault. */
export async function loadEntity(
  source: MetadataSource,
  { role, now }: Pick<WantedEntity, 'role' | 'now'>,
  upstreamFetch: UpstreamFetch,
): Promise<Element> {
  const xml = 'xml' in source ? source.xml : await load(source, upstreamFetch).catch(rethrowFault)
  const wanted = { entityId: source.entityId, signedBy: source.signedBy, role, now }
  return xml.length > megabyte ? parseXml(await largeEntity(xml, wanted)) : entityIn(xml, wanted)
}

async function load(
  { url, mayBeLarge }: { url: string; mayBeLarge?: boolean },
  upstreamFetch: UpstreamFetch,
): Promise<string> {
  const headers = { accept: 'application/samlmetadata+xml, application/xml' }
  const limits = mayBeLarge ? { bytesMax: largeBytesMax, milliseconds: largeMilliseconds } : {}
  return okReply(url, await upstreamFetch(url, { headers, ...limits })).text()
}
