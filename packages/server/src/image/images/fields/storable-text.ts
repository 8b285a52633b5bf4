import { invalid } from '../../errors.js'

/**
 * Lone surrogates and NUL cannot be stored: they would not come back as they were sent.
 * @throws invalid
 */
export function requireStorable(text: string): void {
  if (!text.includes('\0') && !/\p{Cs}/u.test(text)) return
  throw invalid(`${JSON.stringify(text)} holds a NUL or half a character, which cannot be stored: leave it out`)
}
