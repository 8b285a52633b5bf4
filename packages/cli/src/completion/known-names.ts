import path from 'node:path'
import { readdir, rm, stat } from 'node:fs/promises'
import { ownFolder, readOwnFile, textHash, writeOwnFile } from '@tyrax/sdk/internal'
import type { Cloud } from '@tyrax/sdk'
import { ownPaths } from '../cloud/paths.js'
import { quietCloud } from '../cloud/quiet-cloud.js'
import type { Context } from '../command/context.js'

/** Something that exists in a cloud, as it is kept for the next completion. */
export interface Known {
  readonly name: string
  readonly description: string
  /** Of an image. */
  readonly id?: string
  readonly tags?: readonly string[]
  readonly properties?: readonly string[]
}

/** How long what is known is used without another request. */
const freshMs = 30_000
/** The same when nothing in it matches: it may be new. */
const freshWithoutMatchMs = 2000
/** How long it is used when the cloud does not respond. */
const usableMs = 86_400_000
const longestFile = 4 * 1024 * 1024

/**
 * What the cloud has of a kind, from a file that only the user can read, or by a request.
 * @param kind distinguishes the lists of a cloud
 * @param isMatch whether the word at the cursor could become this
 * @returns nothing when it is not known and the cloud cannot be used without asking or starting anything
 */
export async function knownNames(
  context: Context,
  kind: string,
  isMatch: (known: Known) => boolean,
  fetch: (cloud: Cloud) => Promise<readonly Known[]>,
): Promise<readonly Known[]> {
  const cloud = await quietCloud(context)
  if (!cloud) return []
  const key = `${cloud.key} ${kind}`
  const folder = path.join(ownPaths(context.env).cache, 'completion')
  const file = path.join(
    folder,
    `${[1, 2].map((seed) => textHash(key, seed).toString(16).padStart(8, '0')).join('')}.json`,
  )
  const kept = await load(file, key)
  const age = Date.now() - (kept?.at ?? 0)
  if (kept && age >= 0 && age < (kept.known.some(isMatch) ? freshMs : freshWithoutMatchMs)) return kept.known
  try {
    const connected = await cloud.connect()
    context.onEnd(() => connected.close())
    const known = await fetch(connected)
    await save(folder, file, { version: 1, key, at: Date.now(), known })
    return known
  } catch {
    return kept && age >= 0 && age < usableMs ? kept.known : []
  }
}

interface Kept {
  readonly version: 1
  readonly key: string
  readonly at: number
  readonly known: readonly Known[]
}

async function load(file: string, key: string): Promise<Kept | undefined> {
  try {
    const kept: unknown = JSON.parse((await readOwnFile(file, longestFile)) ?? 'null')
    return isKept(kept) && kept.key === key ? kept : undefined
  } catch {
    return undefined
  }
}

async function save(folder: string, file: string, kept: Kept): Promise<void> {
  try {
    await ownFolder(folder)
    await writeOwnFile(file, JSON.stringify(kept))
    for (const name of await readdir(folder)) {
      const older = path.join(folder, name)
      if (/^[0-9a-f]{16}\.json$/.test(name) && (await stat(older)).mtimeMs < kept.at - usableMs) await rm(older)
    }
  } catch {
    // Without it, the next completion is only slower.
  }
}

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null

function isKept(value: unknown): value is Kept {
  return (
    isFields(value) &&
    value['version'] === 1 &&
    typeof value['key'] === 'string' &&
    typeof value['at'] === 'number' &&
    Array.isArray(value['known']) &&
    value['known'].every(isKnown)
  )
}

function isKnown(value: unknown): boolean {
  return (
    isFields(value) &&
    typeof value['name'] === 'string' &&
    typeof value['description'] === 'string' &&
    ['string', 'undefined'].includes(typeof value['id']) &&
    [value['tags'], value['properties']].every(
      (list) => list === undefined || (Array.isArray(list) && list.every((each) => typeof each === 'string')),
    )
  )
}
