import type { Selector, Term } from './selector.js'

/**
 * How the times in a selector are read, one line for each: `created_at<30d` could be taken for younger as well as for
 * older than that.
 */
export function readings({ terms }: Selector): string[] {
  return terms.flatMap((term) => readingOf(term) ?? [])
}

function readingOf({ text, field, operator, values }: Term): string | undefined {
  const [value] = values
  if (field.kind !== 'time' || typeof value !== 'object' || value.age === undefined) return undefined
  const isBefore = operator.startsWith('<')
  const what = field.name === 'created_at' ? 'created' : 'last changed'
  const when = new Date(value.from)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, ' UTC')
  return `${text}: ${what} ${isBefore ? 'before' : 'after'} ${when}, ${isBefore ? 'more' : 'less'} than ${value.age} ago`
}
