import type { WireMetadefNamespace } from '@tyrax/protocol'
import { UsageError } from '../../errors/tyrax-error.js'
import type { CallOptions } from '../../service/call-options.js'
import type { ImageContext } from '../images/context.js'
import { checkName, type MetadefKind } from './names.js'
import { deleteBelow } from './namespace-requests.js'
import { createObject, putObject } from './object-requests.js'
import { createProperty, putProperty } from './property-requests.js'
import { createAssociation } from './resource-type-requests.js'
import { decodeAssociation } from './codec.js'
import { writeTags } from './tag-requests.js'

/** One request. */
type Step = () => Promise<unknown>

/**
 * The requests that make what is in a namespace equal to what is wanted. Nothing is sent yet.
 * @throws UsageError when one of them could not be addressed
 */
export function planReplacement(
  context: ImageContext,
  present: WireMetadefNamespace,
  wanted: WireMetadefNamespace,
  options: CallOptions,
): Step[] {
  const { namespace } = present
  const named = <T extends { readonly name: string }>(list: readonly T[] = []) =>
    new Map(list.map((each) => [each.name, each]))
  const remove = (folder: string) => (name: string) => deleteBelow(context, namespace, [folder, name], options)
  const types = { before: named(present.resource_type_associations), after: named(wanted.resource_type_associations) }
  const associate = (name: string) => {
    const association = types.after.get(name) ?? { name }
    return createAssociation(context, namespace, decodeAssociation(association), options)
  }
  const objects = { before: named(present.objects), after: named(wanted.objects) }
  const properties = {
    before: new Map(Object.entries(present.properties ?? {})),
    after: new Map(Object.entries(wanted.properties ?? {})),
  }
  const objectNamed = (name: string) => objects.after.get(name) ?? { name }
  const propertyNamed = (name: string) => {
    const property = properties.after.get(name)
    if (property === undefined) throw new UsageError(`the file has no property ${name}`)
    return { ...property, name }
  }
  return [
    ...differences('resource type', types, {
      remove: remove('resource_types'),
      add: associate,
      async change(name) {
        await remove('resource_types')(name)
        return associate(name)
      },
    }),
    ...differences('property', properties, {
      remove: remove('properties'),
      add: (name) => createProperty(context, namespace, name, propertyNamed(name), options),
      change: (name) => putProperty(context, namespace, name, propertyNamed(name), options),
    }),
    ...differences('object', objects, {
      remove: remove('objects'),
      add: (name) => createObject(context, namespace, objectNamed(name), options),
      change: (name) => putObject(context, namespace, name, objectNamed(name), options),
    }),
    ...tagSteps(context, present, wanted, options),
  ]
}

/** Tags are replaced in one request, unless there are to be none. */
function tagSteps(
  context: ImageContext,
  present: WireMetadefNamespace,
  wanted: WireMetadefNamespace,
  options: CallOptions,
): Step[] {
  const names = (from: WireMetadefNamespace) => (from.tags ?? []).map((tag) => tag.name)
  const [before, after] = [names(present), names(wanted)]
  if (isSame(before.toSorted(), after.toSorted())) return []
  for (const name of after) checkName('tag', name)
  if (after.length === 0) return [() => deleteBelow(context, present.namespace, ['tags'], options)]
  return [() => writeTags(context, present.namespace, after, { ...options, append: false })]
}

interface Actions {
  readonly remove: (name: string) => Promise<unknown>
  readonly add: (name: string) => Promise<unknown>
  readonly change: (name: string) => Promise<unknown>
}

function differences<T>(
  kind: MetadefKind,
  { before, after }: { readonly before: ReadonlyMap<string, T>; readonly after: ReadonlyMap<string, T> },
  actions: Actions,
): Step[] {
  const step = (action: (name: string) => Promise<unknown>, names: Iterable<string>): Step[] =>
    [...names].map((name) => {
      checkName(kind, name)
      return () => action(name)
    })
  const removed = [...before.keys()].filter((name) => !after.has(name))
  const added = [...after.keys()].filter((name) => !before.has(name))
  const changed = [...after.keys()].filter((name) => before.has(name) && !isSame(before.get(name), after.get(name)))
  return [...step(actions.remove, removed), ...step(actions.change, changed), ...step(actions.add, added)]
}

/** Whether two JSON values are equal; the order of their keys does not matter. */
function isSame(one: unknown, other: unknown): boolean {
  return canonical(one) === canonical(other)
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  )
}
