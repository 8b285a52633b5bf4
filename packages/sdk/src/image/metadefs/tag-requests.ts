import { metadefAppendHeader } from '@tyrax/protocol'
import { arrayAt, readJson } from '../../http/read-json.js'
import type { CallOptions } from '../../service/call-options.js'
import type { ImageContext } from '../images/context.js'
import { decodeTag } from './codec.js'
import type { MetadefTag } from './definitions.js'
import { checkName, namespacePath } from './names.js'

const namesIn = (body: unknown) => arrayAt(body, 'tags').map((tag) => decodeTag(tag).name)

export async function readTags(
  { client }: ImageContext,
  namespace: string,
  { signal }: CallOptions,
): Promise<string[]> {
  return readJson(await client.request({ method: 'GET', path: namespacePath(namespace, 'tags'), signal }), namesIn)
}

/** @param append keep the tags that are there; otherwise they are replaced */
export async function writeTags(
  { client }: ImageContext,
  namespace: string,
  tags: readonly string[],
  { append, signal }: CallOptions & { readonly append: boolean },
): Promise<string[]> {
  for (const tag of tags) checkName('tag', tag)
  const response = await client.request({
    method: 'POST',
    path: namespacePath(namespace, 'tags'),
    json: { tags: tags.map((name) => ({ name })) },
    ...(append && { headers: { [metadefAppendHeader.toLowerCase()]: 'True' } }),
    signal,
  })
  return readJson(response, namesIn)
}

export async function sendTag(
  { client }: ImageContext,
  method: 'GET' | 'POST' | 'PUT',
  namespace: string,
  { name, newName }: { readonly name: string; readonly newName?: string | undefined },
  { signal }: CallOptions,
): Promise<MetadefTag> {
  checkName('tag', name)
  if (newName !== undefined) checkName('tag', newName)
  const path = namespacePath(namespace, 'tags', name)
  const json = newName === undefined ? {} : { json: { name: newName } }
  return readJson(await client.request({ method, path, ...json, signal }), decodeTag)
}
