import { UsageError } from '@tyrax/sdk'
import type { OptionSpec } from '../command/option.js'

const units: Readonly<Record<string, number>> = { k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 }

/** A number of bytes: `500M`, `1G`, `1.5GiB` (in steps of 1024, as rates are), or a bare number. */
export function sizeOption(flags: `--${string} <size>`, description: string): OptionSpec<number> {
  const parse = (text: string) => {
    const match = /^(\d+(?:\.\d+)?)(?:([kmgt])(?:ib)?)?$/i.exec(text)
    const value = Math.floor(Number(match?.[1]) * (units[match?.[2]?.toLowerCase() ?? ''] ?? 1))
    if (!(value >= 1)) {
      const flag = flags.slice(0, flags.indexOf(' '))
      throw new UsageError(`${flag} takes a size such as 500M, 1G or a number of bytes, not ${JSON.stringify(text)}`)
    }
    return value
  }
  return { flags, description, parse }
}
