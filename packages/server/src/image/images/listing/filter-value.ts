import { invalid } from '../../errors.js'
import { parseIsoTime } from '../wire-time.js'

/**
 * Splits a filter's value into operator and operand. Without a colon the operator is `eq`; a value that is a time as a
 * whole is not split at its colons (glance/common/utils.py `split_filter_op`).
 */
export function splitOperator(expression: string): { operator: string; operand: string } {
  const at = expression.indexOf(':')
  if (at < 0 || parseIsoTime(expression) !== undefined) return { operator: 'eq', operand: expression }
  return { operator: expression.slice(0, at), operand: expression.slice(at + 1) }
}

/**
 * The values of `in:a,"b,c"`, separated by commas outside of quotes. `\"` is a quote within quotes and keeps its
 * backslash, as in Glance (glance/common/utils.py `split_filter_value_for_quotes`).
 * @throws invalid when a quote is not directly next to a comma or is not closed
 */
export function splitQuoted(list: string): string[] {
  checkQuotes(list)
  return [...list.matchAll(/"([^"\\]*(?:\\.[^"\\]*)*)",?|([^,]+),?|,/g)].map((match) => match[1] || match[2] || '')
}

function checkQuotes(list: string): void {
  let open = false
  for (let at = 0; at < list.length; at += 1) {
    if (list[at] !== '"' || (at > 0 && list[at - 1] === '\\')) continue
    if (!open && at > 0 && list[at - 1] !== ',') {
      throw invalid(`Invalid filter value ${list}. There is no comma before opening quotation mark.`)
    }
    if (open && at + 1 < list.length && list[at + 1] !== ',') {
      throw invalid(`Invalid filter value ${list}. There is no comma after closing quotation mark.`)
    }
    open = !open
  }
  if (open) throw invalid(`Invalid filter value ${list}. The quote is not closed.`)
}
