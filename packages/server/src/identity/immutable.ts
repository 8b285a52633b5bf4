import { Refusal } from '../refusal.js'
import type { Attributes } from './schema.js'

interface Resource {
  readonly id: string
  readonly options: Attributes
}

// What the option `immutable` does to projects and roles (keystone/common/resource_options/options/immutable.py). The
// unpaired ` is in the original messages.

/** @throws forbidden for every update but the one that takes the option away */
export function refuseImmutableUpdate(type: string, { id, options }: Resource, update: Attributes): void {
  if (options['immutable'] !== true) return
  const given = update['options']
  const isTakenAway =
    Object.keys(update).length === 1 &&
    typeof given === 'object' &&
    given !== null &&
    'immutable' in given &&
    (given.immutable === false || given.immutable === null)
  if (!isTakenAway) throw refusal('update', type, id)
}

/** @throws forbidden for an immutable resource */
export function refuseImmutableDelete(type: string, { id, options }: Resource): void {
  if (options['immutable'] === true) throw refusal('delete', type, id)
}

function refusal(verb: string, type: string, id: string): Refusal {
  return new Refusal(
    'forbidden',
    `Unable to ${verb} immutable ${type} resource: \`${id}. Set resource option "immutable" to false first.`,
  )
}
