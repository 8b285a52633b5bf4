import { invalid } from '../../errors.js'
import type { ImageRecord } from '../image-record.js'

/** What clients write into an image as text. */
type ImageTexts = Pick<ImageRecord, 'name' | 'owner' | 'properties' | 'tags'>

/**
 * Glance's databases keep no characters outside the Basic Multilingual Plane, which take four bytes in UTF-8, such as
 * emoji (glance/common/utils.py `no_4byte_params`). What the image had before is not checked again.
 * @throws invalid
 */
export function refuseFourByteTexts(image: ImageTexts, before?: ImageTexts): void {
  for (const key of ['name', 'owner'] as const) {
    if (image[key] !== before?.[key]) refuseFourByte(key, image[key] ?? '')
  }
  for (const [name, value] of Object.entries(image.properties)) {
    if (before?.properties[name] === value) continue
    if (hasFourByte(name)) throw invalid("Property names can't contain 4 byte unicode.")
    refuseFourByte(name, value)
  }
  for (const tag of image.tags) {
    if (hasFourByte(tag) && before?.tags.includes(tag) !== true) {
      throw invalid("Param values can't contain 4 byte unicode.")
    }
  }
}

/** @throws invalid */
export function refuseFourByte(key: string, value: string): void {
  const problem = fourByteProblem(key, value)
  if (problem !== undefined) throw invalid(problem)
}

/** What is wrong with a text, with its key as Python's `str.title` writes it. */
export function fourByteProblem(key: string, value: string): string | undefined {
  if (!hasFourByte(value)) return undefined
  const title = key.replaceAll(/\p{L}+/gu, (word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase())
  return `${title} can't contain 4 byte unicode characters.`
}

function hasFourByte(text: string): boolean {
  return /[\u{10000}-\u{10FFFF}]/u.test(text)
}
