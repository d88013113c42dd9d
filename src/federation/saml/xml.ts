import { DOMParser } from '@xmldom/xmldom'
import { UpstreamFault } from '../../domain/connection.ts'
import { invalid } from './invalid.ts'

export const namespaces = {
  assertion: 'urn:oasis:names:tc:SAML:2.0:assertion',
  protocol: 'urn:oasis:names:tc:SAML:2.0:protocol',
  metadata: 'urn:oasis:names:tc:SAML:2.0:metadata',
  signature: 'http://www.w3.org/2000/09/xmldsig#',
  encryption: 'http://www.w3.org/2001/04/xmlenc#',
} as const
type Namespace = keyof typeof namespaces

const inclusion = 'http://www.w3.org/2001/XInclude'
const [elementNode, instructionNode] = [1, 7]

/**
 * Strict: no document type (so no entities, XXE and expansion), no processing instructions, one root. The
 * library's own parser, so that both read the same. Throws UpstreamFault.
 */
export function parseXml(text: string): Element {
  if (/<!DOCTYPE|<!ENTITY|<\?xml-stylesheet/i.test(text)) throw invalid('the XML has a document type')
  const fail = (message: string): never => {
    throw invalid(`the XML is not well formed: ${message.slice(0, 100)}`)
  }
  let root: Element | null = null
  try {
    const document = new DOMParser({
      errorHandler: { warning: fail, error: fail, fatalError: fail },
    }).parseFromString(text, 'text/xml')
    root = document.documentElement
  } catch (error) {
    if (error instanceof UpstreamFault) throw error
    fail((error as Error).message)
  }
  if (!root) throw invalid('there is no XML')
  for (const node of nodesOf(root)) {
    if (node.nodeType === instructionNode) throw invalid('the XML has a processing instruction')
    const { prefix, namespaceURI: space } = node as Element
    if (space === inclusion) throw invalid('the XML includes other documents')
    // Namespaces in XML §5: the parser lets it pass.
    if (node.nodeType === elementNode && prefix && !space) throw invalid('the XML has an undeclared prefix')
  }
  return root
}

/** All nodes below, in the order of the document. */
export function* nodesOf(root: Node): Generator<Node> {
  for (let node = root.firstChild; node; node = node.nextSibling) {
    yield node
    yield* nodesOf(node)
  }
}

export const isNamed = (node: Node, space: Namespace, name: string): node is Element =>
  node.nodeType === elementNode &&
  (node as Element).namespaceURI === namespaces[space] &&
  (node as Element).localName === name

/** Children of that name. */
export const children = (parent: Node, space: Namespace, name: string): Element[] => {
  const found: Element[] = []
  for (let node = parent.firstChild; node; node = node.nextSibling)
    if (isNamed(node, space, name)) found.push(node)
  return found
}

/** All of that name below. */
export const descendants = (root: Node, space: Namespace, name: string): Element[] =>
  [...nodesOf(root)].filter((node): node is Element => isNamed(node, space, name))

/** The one child of that name. Throws UpstreamFault if there is none, or there are several. */
export function onlyChild(parent: Node, space: Namespace, name: string): Element {
  const [first, ...others] = children(parent, space, name)
  if (!first || others.length > 0) throw invalid(`there must be one ${name}`)
  return first
}

/** All text, comments left out: what is behind a comment counts (CVE-2017-11427). */
export const textOf = (element: Element): string => (element.textContent ?? '').trim()

/** Null if it is absent. */
export const attributeOf = (element: Element, name: string): string | null =>
  element.hasAttribute(name) ? element.getAttribute(name) : null
