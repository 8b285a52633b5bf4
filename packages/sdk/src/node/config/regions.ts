import { ConfigError } from '../../errors/config-errors.js'
import { asList, asText, describeOrigin, type Setting, type Values } from '../../config/values.js'
import { entryValues, mapping } from './file-values.js'

/**
 * Applies `regions` (names, or mappings of name and values) and a `region_name` with several names: the requested
 * region if it is one of them, else the first (openstack/config/loader.py `_get_region`).
 * @throws ConfigError listing the regions that exist
 */
export function withRegion(values: Values, asked: Setting | undefined): Values {
  const chosen = new Map(values)
  const regions = knownRegions(values)
  chosen.delete('regions')
  const wanted = asText(asked?.value)
  const [first] = regions
  if (!first) {
    if (asked && wanted !== undefined) chosen.set('region_name', asked)
    return chosen
  }
  const region = wanted === undefined ? first : regions.find(({ name }) => name === wanted)
  if (!region) {
    throw new ConfigError(
      `the region ${wanted} is not one of this cloud's: ${regions.map(({ name }) => name).join(', ')}`,
      {
        hint: 'names of regions are case sensitive',
      },
    )
  }
  for (const [key, setting] of region.values) chosen.set(key, setting)
  chosen.set('region_name', wanted !== undefined && asked ? asked : region.setting)
  return chosen
}

interface Region {
  readonly name: string
  readonly values: Values
  readonly setting: Setting
}

function knownRegions(values: Values): Region[] {
  const listed = values.get('regions')
  const source = listed ?? values.get('region_name')
  return source ? asList(source.value).map((item) => regionOf(item, source)) : []
}

function regionOf(item: unknown, source: Setting): Region {
  if (typeof item !== 'object' || item === null) {
    const name = String(item).trim()
    return { name, values: new Map(), setting: { value: name, origin: source.origin } }
  }
  const { name, values } = item as { name?: unknown; values?: unknown }
  const { origin } = source
  if (typeof name !== 'string') {
    throw new ConfigError(`an entry of ${describeOrigin(origin)} has no name`, {
      hint: 'write the name of the region, or name and values',
    })
  }
  const file = origin.kind === 'file' ? origin.file : ''
  const at = origin.kind === 'file' ? `${origin.key}.${name}` : name
  return { name, values: entryValues(mapping(values, at) ?? {}, file, at), setting: { value: name, origin } }
}
