import { imageFieldByWire } from '@tyrax/protocol'
import type { CallOptions } from '../../service/call-options.js'
import type { ImageContext } from '../images/context.js'
import type { MetadefProperty } from '../metadefs/definitions.js'
import { ImageMetadefs } from '../metadefs/image-metadefs.js'
import { ImageSchemas } from '../schemas/image-schemas.js'
import type { PropertyRule, PropertyRules } from './property-finding.js'

const imageType = 'OS::Glance::Image'

/**
 * What this cloud defines for images: the properties of its namespaces, with the prefixes that they have on images, and
 * those that its operator declared in the schema of images. A request for the list, one for each namespace, one for the
 * schema.
 */
export async function readCloudRules(context: ImageContext, options: CallOptions): Promise<PropertyRules> {
  const rules = new Map<string, PropertyRule>()
  const { namespaces } = new ImageMetadefs(context)
  for await (const { namespace } of namespaces.list({ resourceTypes: [imageType], limit: 100, ...options })) {
    const { properties, objects } = await namespaces.get(namespace, { resourceType: imageType, ...options })
    for (const group of [properties, ...objects.map((object) => object.properties)]) {
      for (const [name, property] of Object.entries(group)) {
        rules.set(name, either(rules.get(name), toRule(property)))
      }
    }
  }
  const schema = await new ImageSchemas(context).get('image', options)
  for (const [name, property] of Object.entries(schema.properties)) {
    if (imageFieldByWire(name) !== undefined) continue
    const values = property.enum?.map(String)
    rules.set(name, { type: typeof property.type === 'string' ? property.type : 'string', enum: values })
  }
  return rules
}

/** Namespaces may define the same property for different hypervisors: what one of them allows is allowed. */
function either(one: PropertyRule | undefined, other: PropertyRule): PropertyRule {
  if (one === undefined) return other
  const values = one.enum && other.enum && [...new Set([...one.enum, ...other.enum])]
  return { type: one.type === other.type ? one.type : 'string', enum: values }
}

function toRule({ type, enum: values, items, minimum, maximum, maxLength }: MetadefProperty): PropertyRule {
  return { type, enum: values ?? items?.enum, minimum, maximum, maxLength }
}
