import { ConfigError } from '../errors/config-errors.js'
import { shownUrl } from '../transport/redact.js'

/** How a service is found in the catalogue and addressed. */
export interface ServiceProfile {
  /** Its name in messages and in settings. */
  readonly name: 'image' | 'object-store' | 'identity' | 'block-storage'
  /** Its types in the catalogue, the official one first. */
  readonly types: readonly string[]
  /** Sent as `Accept` unless the request has one. */
  readonly accept: string | undefined
  /** What a 404 for this path means, for services that do not explain it in the response. */
  readonly missing?: (path: string, method: string) => string | undefined
  /** Turns a catalogue URL (no trailing slash) into the root that paths are appended to. */
  readonly versioned: (url: string) => string
}

/**
 * Glance returns errors as JSON only when `Accept` allows it (glance/api/middleware/version_negotiation.py and webob),
 * and lists its endpoint with or without a version.
 */
export const imageService: ServiceProfile = {
  name: 'image',
  types: ['image'],
  accept: 'application/json',
  versioned: (url) => `${url.replace(/\/v\d+(\.\d+)?$/, '')}/v2`,
}

export const objectStoreService: ServiceProfile = {
  name: 'object-store',
  types: ['object-store', 'object-storage'],
  accept: undefined,
  versioned: (url) => url,
  // Swift only reports that the resource could not be found, and returns no body at all for HEAD.
  missing(path, method) {
    const [container = '', ...rest] = path.split('/').slice(1).map(decodeURIComponent)
    const name = rest.join('/')
    if (container === '') return undefined
    if (name === '' || method === 'PUT') return `there is no container ${container}`
    return `there is no object ${name} in the container ${container}, or no such container`
  },
}

/** Cinder. Catalogues list version 3 under several types, with the project's id or without. */
export const blockStorageService: ServiceProfile = {
  name: 'block-storage',
  types: ['block-storage', 'volumev3', 'volume'],
  accept: 'application/json',
  versioned: (url) => (/\/v\d+(?:\/[^/]+)?$/.test(url) ? url : `${url}/v3`),
}

export const identityService: ServiceProfile = {
  name: 'identity',
  types: ['identity'],
  accept: 'application/json',
  versioned: (url) => `${url.replace(/\/v(2\.0|3)$/, '')}/v3`,
}

/** The versioned root of a service, without a trailing slash, from its URL in the catalogue or an override. */
export function serviceRoot(profile: ServiceProfile, endpoint: string, projectId: string | undefined): string {
  const filled = endpoint.replace(/[%$]\((project_id|tenant_id)\)s/g, () => projectId ?? '')
  if (!URL.canParse(filled) || !/^https?:$/.test(new URL(filled).protocol)) {
    throw new ConfigError(
      `the endpoint of the ${profile.name} service is not an http or https URL: ${shownUrl(endpoint)}`,
    )
  }
  const url = new URL(filled)
  return profile.versioned(withoutLastSlashes(`${url.origin}${url.pathname}`))
}

/** Removes slashes at the end. A regular expression would take quadratic time for a long run of slashes. */
export function withoutLastSlashes(text: string): string {
  let end = text.length
  while (text[end - 1] === '/') end -= 1
  return text.slice(0, end)
}
