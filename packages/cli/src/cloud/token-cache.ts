import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { TokenCache, TokenGrant } from '@tyrax/sdk'
import { writePrivateFile } from '../private-file.js'
import { ownPaths } from './paths.js'

/**
 * Tokens of earlier commands, a file each, readable by the user alone: a command then needs no Keystone. A file that
 * cannot be read holds no token; where none can be written, the next command is only slower.
 */
export function fileTokenCache(env: NodeJS.ProcessEnv): TokenCache {
  const folder = path.join(ownPaths(env).cache, 'tokens')
  const fileOf = (key: string) =>
    path.join(folder, `${createHash('sha256').update(key).digest('hex').slice(0, 40)}.json`)
  return {
    async load(key) {
      try {
        const kept: unknown = JSON.parse(await readFile(fileOf(key), 'utf8'))
        return isKept(kept) && kept.key === key ? kept.grant : undefined
      } catch {
        return undefined
      }
    },
    async save(key, grant) {
      try {
        await writePrivateFile(fileOf(key), JSON.stringify({ version: 1, key, grant }))
      } catch (error) {
        if (!(error instanceof Error) || !('code' in error)) throw error
      }
    },
  }
}

function isKept(kept: unknown): kept is { key: string; grant: TokenGrant } {
  if (typeof kept !== 'object' || kept === null || !('version' in kept) || kept.version !== 1) return false
  if (!('key' in kept) || typeof kept.key !== 'string' || !('grant' in kept)) return false
  const { grant } = kept
  return (
    typeof grant === 'object' &&
    grant !== null &&
    'token' in grant &&
    'catalog' in grant &&
    Array.isArray(grant.catalog)
  )
}
