import { type CommonPropertyRule, commonProperties, nearest } from '@tyrax/protocol'
import { shown } from '../../errors/shown.js'
import type { PropertyFinding, PropertyRule, PropertyRules } from './property-finding.js'

/** The rules of the namespaces that come with Glance, which need no request. */
export const commonRules: PropertyRules = new Map(
  Object.entries<CommonPropertyRule>(commonProperties).map(([name, rule]) => [name, toRule(rule)]),
)

function toRule(rule: CommonPropertyRule): PropertyRule {
  if (rule === 'text') return { type: 'string' }
  if (rule === 'boolean') return { type: 'boolean' }
  return 'minimum' in rule ? { type: 'integer', ...rule } : { type: 'string', enum: rule }
}

/**
 * Compares properties with rules. A name without a rule is a finding only if one like it has a rule: images may have
 * properties of any name.
 */
export function findMistakes(properties: Readonly<Record<string, unknown>>, rules: PropertyRules): PropertyFinding[] {
  const names = [...rules.keys()]
  return Object.entries(properties).flatMap(([name, value]) => {
    if (typeof value !== 'string') return []
    const rule = rules.get(name)
    if (rule !== undefined) return findInValue(name, value, rule)
    const meant = nearest(name, names)
    if (meant === undefined) return []
    const message = `the property ${name} is not defined; did you mean ${meant}?`
    return [{ name, value, kind: 'name' as const, message, suggestion: meant }]
  })
}

function findInValue(name: string, value: string, rule: PropertyRule): PropertyFinding[] {
  const finding = (what: string, suggestion?: string): PropertyFinding[] => [
    {
      name,
      value,
      kind: 'value',
      message:
        `the property ${name} is ${shown(value)}: it should be ${what}` +
        (suggestion === undefined ? '' : `; did you mean ${suggestion}?`),
      ...(suggestion !== undefined && { suggestion }),
    },
  ]
  if (rule.enum !== undefined) {
    if (rule.enum.includes(value)) return []
    const meant = rule.enum.find((one) => one.toLowerCase() === value.toLowerCase()) ?? nearest(value, rule.enum)
    return finding(rule.enum.length === 1 ? (rule.enum[0] ?? '') : `one of ${rule.enum.join(', ')}`, meant)
  }
  if (rule.type === 'boolean') return booleans.test(value) ? [] : finding('true or false')
  if (rule.type === 'integer' || rule.type === 'number') return findInNumber(value, rule) ? finding(range(rule)) : []
  if (rule.maxLength !== undefined && value.length > rule.maxLength) {
    return finding(`at most ${rule.maxLength} characters long`)
  }
  return []
}

function findInNumber(value: string, { type, minimum, maximum }: PropertyRule): boolean {
  const form = type === 'integer' ? /^-?\d+$/ : /^-?\d+(?:\.\d+)?$/
  if (!form.test(value)) return true
  return Number(value) < (minimum ?? -Infinity) || Number(value) > (maximum ?? Infinity)
}

function range({ type, minimum, maximum }: PropertyRule): string {
  const kind = type === 'integer' ? 'a whole number' : 'a number'
  if (minimum !== undefined && maximum !== undefined) return `${kind} from ${minimum} to ${maximum}`
  if (minimum !== undefined) return `${kind} of at least ${minimum}`
  return maximum === undefined ? kind : `${kind} of at most ${maximum}`
}

/** The spellings that Nova takes (oslo.utils strutils.bool_from_string). */
const booleans = /^(?:true|false|yes|no|on|off|t|f|y|n|1|0)$/i
