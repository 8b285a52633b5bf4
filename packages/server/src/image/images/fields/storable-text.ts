import { invalid } from '../../errors.js'

/**
 * Half characters and NUL have no place in a record: they would come back as something else than was sent.
 * @throws invalid
 */
export function requireStorable(text: string): void {
  if (!text.includes('\0') && !/\p{Cs}/u.test(text)) return
  throw invalid(`${JSON.stringify(text)} holds a NUL or half a character, which cannot be stored: leave it out`)
}
