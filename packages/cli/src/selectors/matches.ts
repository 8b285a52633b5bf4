import { imageFieldByWire } from '@tyrax/protocol'
import type { Image } from '@tyrax/sdk'
import type { Operator, Selector, Span, Term, TermValue } from './selector.js'

/** Whether an image meets every condition. */
export function matches(selector: Selector, image: Image): boolean {
  return selector.terms.every((term) => meets(term, image))
}

/**
 * Something that an image does not have is never different from something else: with a mistake in the name of a
 * property, `!=` would select everything. Only `!~*` selects what does not have it.
 */
function meets(term: Term, image: Image): boolean {
  const { operator, field, values } = term
  const actual = valuesOf(image, field)
  const has = (positive: Operator) => values.some((wanted) => actual.some((one) => isMet(one, positive, wanted)))
  if (operator !== '!=' && operator !== '!~') return has(operator)
  const isKnown = actual.length > 0 || field.name === 'tag' || (operator === '!~' && values.includes('*'))
  return isKnown && !has(operator === '!=' ? '=' : '~')
}

/** What an image has in a field. Absent text is empty. */
function valuesOf(image: Image, { name, kind }: Term['field']): readonly (string | number | boolean)[] {
  if (kind === 'property') return Object.hasOwn(image.properties, name) ? [image.properties[name] ?? ''] : []
  if (name === 'tag') return image.tags
  if (name === 'store') return (image.stores ?? '').split(',').filter((store) => store !== '')
  const value: unknown = image[(imageFieldByWire(name)?.name ?? name) as keyof Image]
  if (value instanceof Date) return [value.getTime()]
  if (typeof value === 'number') return [value * (unitOf[name] ?? 1)]
  if (typeof value === 'string' || typeof value === 'boolean') return [value]
  return kind === 'text' ? [''] : []
}
const unitOf: Readonly<Record<string, number>> = { min_disk: 2 ** 30, min_ram: 2 ** 20 }

function isMet(actual: string | number | boolean, operator: Operator, wanted: TermValue): boolean {
  if (typeof wanted === 'object') return typeof actual === 'number' && isInOrder(actual, operator, wanted)
  if (typeof wanted === 'number' && typeof actual === 'number') {
    return isInOrder(actual, operator, { from: wanted, to: wanted + 1 })
  }
  if (operator === '~') return typeof wanted === 'string' && patternOf(wanted).test(String(actual))
  return actual === wanted
}

/** Numbers and times, the latter in milliseconds: before, in, or after a span. */
function isInOrder(actual: number, operator: Operator, { from, to }: Span): boolean {
  switch (operator) {
    case '<':
      return actual < from
    case '<=':
      return actual < to
    case '>':
      return actual >= to
    case '>=':
      return actual >= from
    default:
      return actual >= from && actual < to
  }
}

const patterns = new Map<string, RegExp>()

/** `*` is any text, `?` any character; a backslash takes away their meaning. */
function patternOf(glob: string): RegExp {
  let pattern = patterns.get(glob)
  if (!pattern) {
    const source = glob.replaceAll(/\\(.)|\*+|\?|[.+^${}()|[\]/\\]/gsu, (part, escaped: string | undefined) => {
      if (escaped !== undefined) return literally(escaped)
      if (part === '?') return '.'
      return part.startsWith('*') ? '.*' : literally(part)
    })
    pattern = new RegExp(`^${source}$`, 'su')
    patterns.set(glob, pattern)
  }
  return pattern
}

function literally(character: string): string {
  return /[.*+?^${}()|[\]/\\]/.test(character) ? `\\${character}` : character
}
