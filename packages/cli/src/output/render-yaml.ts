import { Document, visit } from 'yaml'
import { pick } from './render-data.js'
import type { Sheet } from './result.js'
import { escapedInQuotes, visible } from './visible.js'

/**
 * One YAML document, with the same structure as the JSON. Invisible characters are escaped, as YAML requires for
 * control characters.
 */
export function renderYaml(sheet: Sheet): string {
  const rows = sheet.rows.map((row) => pick(row, sheet.columns))
  const document = new Document(sheet.result.kind === 'list' ? rows : rows[0])
  visit(document, {
    Scalar(_, node) {
      // Only double-quoted strings support escapes.
      if (typeof node.value === 'string' && visible(node.value) !== node.value) node.type = 'QUOTE_DOUBLE'
    },
  })
  return escapedInQuotes(document.toString())
}
