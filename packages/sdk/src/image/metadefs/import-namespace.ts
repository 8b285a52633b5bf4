import type { WireMetadefNamespace } from '@tyrax/protocol'
import { NotFoundError } from '../../errors/http-error.js'
import { UsageError } from '../../errors/tyrax-error.js'
import { readJson } from '../../http/read-json.js'
import type { CallOptions } from '../../service/call-options.js'
import type { ImageContext } from '../images/context.js'
import { decodeNamespace } from './codec.js'
import type { MetadefImportOptions, MetadefNamespace } from './definitions.js'
import { exportNamespace, withoutServerFields } from './export-namespace.js'
import { checkName } from './names.js'
import { readNamespace, updateNamespace } from './namespace-requests.js'
import { planReplacement } from './replace-namespace.js'

export async function importNamespace(
  context: ImageContext,
  file: unknown,
  { replace = false, signal }: MetadefImportOptions,
): Promise<MetadefNamespace> {
  checkFile(file)
  const wanted = withoutServerFields(file)
  const options = { signal }
  const present = replace ? await findPresent(context, wanted.namespace, options) : undefined
  if (present === undefined) {
    const { client } = context
    const response = await client.request({ method: 'POST', path: '/metadefs/namespaces', json: wanted, signal })
    return readJson(response, decodeNamespace)
  }
  // Everything is checked before the first step.
  const steps = planReplacement(context, present, wanted, options)
  const isProtected = wanted.protected ?? present.protected ?? false
  const fields = {
    displayName: wanted.display_name ?? null,
    description: wanted.description ?? null,
    visibility: wanted.visibility,
    owner: wanted.owner,
  }
  // What is in a protected namespace cannot be removed.
  if (steps.length > 0) await updateNamespace(context, wanted.namespace, { ...fields, protected: false }, options)
  for (const step of steps) await step()
  await updateNamespace(context, wanted.namespace, { ...fields, protected: isProtected }, options)
  return readNamespace(context, wanted.namespace, options)
}

async function findPresent(
  context: ImageContext,
  namespace: string,
  options: CallOptions,
): Promise<WireMetadefNamespace | undefined> {
  try {
    return await exportNamespace(context, namespace, options)
  } catch (error) {
    if (error instanceof NotFoundError) return undefined
    throw error
  }
}

/** @throws UsageError unless it is at least the frame of a namespace; the server checks the rest */
function checkFile(file: unknown): asserts file is WireMetadefNamespace {
  if (typeof file !== 'object' || file === null || Array.isArray(file)) {
    throw new UsageError('a namespace to be imported is an object', { hint: 'as exportNamespace returns it' })
  }
  const { namespace, properties = {}, ...rest } = file as Readonly<Record<string, unknown>>
  checkName('namespace', namespace)
  if (typeof properties !== 'object' || properties === null || Array.isArray(properties)) {
    throw new UsageError('the properties of a namespace are an object, by name')
  }
  for (const key of ['objects', 'tags', 'resource_type_associations'] as const) {
    const list = rest[key] ?? []
    const isNamed = (each: unknown) => typeof (each as { name?: unknown } | null)?.name === 'string'
    if (!Array.isArray(list) || !list.every(isNamed)) {
      throw new UsageError(`the ${key} of a namespace are a list of objects with a name each`)
    }
  }
}
