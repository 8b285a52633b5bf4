import { stringify } from 'yaml'
import { pick } from './render-json.js'
import type { Sheet } from './render.js'

/** One YAML document, shaped as the JSON one. */
export function renderYaml(sheet: Sheet): string {
  const rows = sheet.rows.map((row) => pick(row, sheet.columns))
  return stringify(sheet.result.kind === 'list' ? rows : rows[0])
}
