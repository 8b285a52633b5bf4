import { isReservedProperty, imageFieldByWire } from '@tyrax/protocol'
import type { ImageListParams } from '@tyrax/sdk'
import type { Selector, Span, Term } from './selector.js'

type Filters = Readonly<Record<string, unknown>>

/**
 * What the server can filter of a selector, so that it sends no more than needed; the rest, and these again, are
 * compared on what it sends. Its rules differ in places: a MySQL server ignores the case of names, for example.
 */
export function serverFilters({ terms }: Selector): ImageListParams {
  const filters: Record<string, unknown> = {}
  const tags = new Set<string>()
  const properties: Record<string, string> = {}
  for (const term of terms) {
    const [value] = term.values
    const isOne = term.operator === '=' && term.values.length === 1 && typeof value === 'string' && value !== ''
    if (term.field.name === 'tag' && isOne) tags.add(value)
    else if (term.field.kind === 'property' && isOne && isSendable(term.field.name)) properties[term.field.name] = value
    else for (const [name, filter] of Object.entries(filtersOf(term))) filters[name] ??= filter
  }
  return {
    ...filters,
    ...(tags.size > 0 ? { tag: [...tags] } : {}),
    ...(Object.keys(properties).length > 0 ? { properties } : {}),
  }
}

/** Fields of which the server takes several values. */
const several = new Set(['id', 'name', 'status', 'disk_format', 'container_format'])
const single = new Set(['checksum', 'os_hash_value', 'owner'])

function filtersOf({ field, operator, values }: Term): Filters {
  const [value] = values
  const name = imageFieldByWire(field.name)?.name ?? field.name
  if (field.name === 'visibility') {
    // Without this, a list leaves out community images of other projects.
    return { visibility: operator === '=' && values.length === 1 ? value : 'all' }
  }
  if (field.kind === 'time' && typeof value === 'object') return { [name]: timeFilter(operator, value) }
  if (field.name === 'size' && typeof value === 'number' && values.length === 1) return sizeFilters(operator, value)
  if (operator !== '=') return {}
  if (field.kind === 'boolean' && values.length === 1) return { [name]: value }
  const texts = values.filter((each): each is string => typeof each === 'string' && each !== '' && !/["\\]/.test(each))
  if (texts.length < values.length) return {}
  if (texts.length === 1 && (several.has(field.name) || single.has(field.name))) return { [name]: texts[0] }
  return several.has(field.name) ? { [name]: texts } : {}
}

function timeFilter(operator: Term['operator'], { from, to }: Span): Filters | undefined {
  switch (operator) {
    case '<':
      return { lt: new Date(from) }
    case '<=':
      return { lt: new Date(to) }
    case '>':
    case '>=':
      return { gte: new Date(operator === '>' ? to : from) }
    case '=':
      return { gte: new Date(from) }
    default:
      return undefined
  }
}

function sizeFilters(operator: Term['operator'], value: number): Filters {
  switch (operator) {
    case '<':
      return value > 0 ? { sizeMax: value - 1 } : {}
    case '<=':
      return { sizeMax: value }
    case '>':
      return { sizeMin: value + 1 }
    case '>=':
      return { sizeMin: value }
    case '=':
      return { sizeMin: value, sizeMax: value }
    default:
      return {}
  }
}

/** A property with the name of another parameter of lists would be taken for that. */
function isSendable(name: string): boolean {
  const isParameter =
    /^(?:limit|marker|sort|sort_key|sort_dir|member_status|tag|is_public|changes-since|.+_m(?:in|ax))$/
  return imageFieldByWire(name) === undefined && !isReservedProperty(name) && !isParameter.test(name)
}
