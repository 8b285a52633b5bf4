import path from 'node:path'
import type { Catalog, TokenCache, TokenGrant } from '@tyrax/sdk'
import { ownFolder, readOwnFile, textHash, writeOwnFile } from '@tyrax/sdk/internal'
import { ownPaths } from './paths.js'

/** More than a token with the largest catalogue takes. */
const longestFile = 4 * 1024 * 1024

/**
 * Tokens of earlier commands, one file each, readable by the user only, so that a command needs no request to Keystone.
 * A file that cannot be read, or is not the user's own, is ignored; if none can be written, the next command is only
 * slower.
 */
export function fileTokenCache(env: NodeJS.ProcessEnv): TokenCache {
  const folder = path.join(ownPaths(env).cache, 'tokens')
  // Two keys with the same name would only overwrite each other.
  return tokensIn((key) =>
    path.join(folder, `${[1, 2].map((seed) => textHash(key, seed).toString(16).padStart(8, '0')).join('')}.json`),
  )
}

/** The last token of one cloud, for a cloud whose address changes with every start. */
export function tokenInFile(file: string): TokenCache {
  return tokensIn(() => file)
}

function tokensIn(fileOf: (key: string) => string): TokenCache {
  return {
    async load(key) {
      try {
        const text = await readOwnFile(fileOf(key), longestFile)
        const kept: unknown = text && JSON.parse(text)
        return isKept(kept) && kept.key === key ? kept.grant : undefined
      } catch {
        return undefined
      }
    },
    async save(key, grant) {
      const file = fileOf(key)
      try {
        await ownFolder(path.dirname(file))
        await writeOwnFile(file, JSON.stringify({ version: 1, key, grant }))
      } catch (error) {
        if (!(error instanceof Error)) throw error
      }
    },
  }
}

type Fields = Readonly<Record<string, unknown>>

function isKept(kept: unknown): kept is { key: string; grant: TokenGrant } {
  return isFields(kept) && kept['version'] === 1 && typeof kept['key'] === 'string' && isGrant(kept['grant'])
}

function isGrant(grant: unknown): grant is TokenGrant {
  if (!isFields(grant)) return false
  const { token, expiresAt, catalog, projectId, projectName, userId, userName, roles } = grant
  return (
    typeof token === 'string' &&
    // It must be a valid header value, otherwise no request could be made with it.
    /^[!-~]+$/.test(token) &&
    (expiresAt === undefined || Number.isSafeInteger(expiresAt)) &&
    [projectId, projectName, userId, userName].every(isOptionalText) &&
    Array.isArray(roles) &&
    roles.every((role) => typeof role === 'string') &&
    isCatalog(catalog)
  )
}

function isCatalog(catalog: unknown): catalog is Catalog {
  return (
    Array.isArray(catalog) &&
    catalog.every(
      (service: unknown) =>
        isFields(service) &&
        typeof service['type'] === 'string' &&
        isOptionalText(service['name']) &&
        Array.isArray(service['endpoints']) &&
        service['endpoints'].every(
          (endpoint: unknown) =>
            isFields(endpoint) &&
            typeof endpoint['interface'] === 'string' &&
            isOptionalText(endpoint['region']) &&
            typeof endpoint['url'] === 'string',
        ),
    )
  )
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isOptionalText(value: unknown): value is string | undefined {
  return value === undefined || typeof value === 'string'
}
