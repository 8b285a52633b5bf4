import { Refusal } from '../../refusal.js'

const token = String.raw`[^()<>@,;:\\"/[\]?={}\x00-\x20\x7f]+`
const range = new RegExp(
  String.raw`^\s*(${token})/(${token})((?:\s*;\s*${token}\s*=\s*(?:${token}|"(?:[^"\\]|\\.)*"))*)\s*$`,
)

/**
 * The content type that fits an Accept header best; the first one without a header, undefined when none fits
 * (swift/common/swob.py `Accept.best_match`).
 * @throws Refusal invalid for a header that is none
 */
export function bestMatch<Type extends string>(accept: string | undefined, types: readonly Type[]): Type | undefined {
  if (!accept) return types[0]
  const wanted = accept
    .split(',')
    .map(readRange)
    .toSorted((a, b) => b.quality - a.quality || Number(b.isExact) - Number(a.isExact))
  for (const { matches } of wanted) {
    const found = types.find(matches)
    if (found !== undefined) return found
  }
  return undefined
}

interface MediaRange {
  readonly quality: number
  readonly isExact: boolean
  readonly matches: (type: string) => boolean
}

function readRange(text: string): MediaRange {
  const match = range.exec(text)
  if (match === null) throw malformed()
  const [, type = '', subtype = '', rest = ''] = match
  const qualities = rest
    .split(';')
    .map((each) => each.split('=').map((part) => part.trim()))
    .flatMap(([name, value]) => (name === 'q' ? [Number(value)] : []))
  const [quality = 1] = qualities
  if (qualities.length > 1 || Number.isNaN(quality)) throw malformed()
  return {
    quality,
    isExact: type !== '*' && subtype !== '*',
    matches(offered) {
      const [offeredType, offeredSubtype] = offered.split('/')
      return (type === '*' || type === offeredType) && (subtype === '*' || subtype === offeredSubtype)
    },
  }
}

const malformed = () => new Refusal('invalid', 'Invalid Accept header')
