import { unescapePointerToken } from '@tyrax/protocol'
import { invalid } from '../../errors.js'

/**
 * The parts of a JSON pointer, in the limited form that Glance takes (glance/api/v2/images.py
 * `_validate_json_pointer`): parts are stripped of blanks, none may be empty, and nothing follows the last.
 * @throws invalid
 */
export function parsePointer(pointer: string): string[] {
  if (!pointer.startsWith('/')) throw invalid(`Pointer \`${pointer}\` does not start with "/".`)
  if (/\/\s*?\//.test(pointer.slice(1))) throw invalid(`Pointer \`${pointer}\` contains adjacent "/".`)
  if (pointer.length > 1 && pointer.endsWith('/')) throw invalid(`Pointer \`${pointer}\` end with "/".`)
  if (/~[^01]/.test(pointer) || pointer.endsWith('~')) {
    throw invalid(`Pointer \`${pointer}\` contains "~" not part of a recognized escape sequence.`)
  }
  return pointer
    .replace(/^\/+/, '')
    .split('/')
    .map((part) => unescapePointerToken(part).trim())
}
