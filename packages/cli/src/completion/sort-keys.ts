import { imageSortKeys, sortDirections } from '@tyrax/protocol'
import { named, type Source } from './source.js'

/** `name:asc,size:desc`: keys that the list does not have yet, and the directions of the last one. */
export const sortKeys: Source = ({ text }) => {
  const start = text.lastIndexOf(',') + 1
  const before = text.slice(0, start)
  const given = new Set(before.split(',').map((each) => each.split(':')[0]))
  const [key = '', direction] = text.slice(start).split(':', 2)
  if (direction !== undefined) return named(sortDirections.map((each) => `${before}${key}:${each}`))
  return named(imageSortKeys.filter((each) => !given.has(each)).map((each) => `${before}${each}:`))
}
