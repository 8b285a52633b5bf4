import { UsageError } from '@tyrax/sdk'
import type { Command } from '../command/define-command.js'
import { allGlobalOptions } from '../command/globals.js'
import { optionSyntax, typedOption } from './option-syntax.js'

/** Options that other tools have, and ours that do the same; the first that the command has counts. */
const synonyms: readonly (readonly [theirs: string, ...ours: readonly string[]])[] = [
  ['--meta --metadata --prop --props --properties --filter', '--property'],
  ['--label --labels --tags', '--tag'],
  ['--out --dest --to --output-file --outfile --target', '--output'],
  ['--from --input --data --path --src --source', '--file'],
  ['--url --link --href', '--uri'],
  ['--uri --location --href', '--url'],
  ['--project --tenant --project-id', '--owner'],
  ['--type --disk_format --image-format --img-format', '--disk-format'],
  ['--ram --memory --minram', '--min-ram'],
  ['--disk --mindisk', '--min-disk'],
  ['--recurse --all', '--recursive'],
  ['--overwrite --replace --clobber', '--force'],
  ['--jobs --parallel --threads --connections', '--concurrency'],
  ['--rate --bwlimit --max-rate --throttle', '--limit-rate'],
  ['--md5 --sha1 --sha256 --sha512 --digest', '--checksum', '--hash'],
  ['--max --count --first --max-results', '--limit'],
  ['--state', '--status'],
  ['--order --order-by --sort-by', '--sort', '--sort-column'],
  ['--domain', '--project-domain'],
  ['--cloud', '--os-cloud'],
  ['--region', '--os-region-name'],
  ['--silent', '--quiet'],
  ['--columns --field --fields', '--column'],
  ['--wait-timeout --time-limit', '--timeout', '--deadline'],
  ['--ignore-missing --ignore-not-found', '--if-exists'],
  ['--retry', '--retries'],
]

/** Formats that other tools have an option for. */
const formats = ['json', 'yaml', 'csv', 'table', 'shell']

/** The error for an option of other tools; undefined when there is nothing like it. */
export function otherOption(argv: readonly string[], command: Command, name: string): UsageError | undefined {
  const specs = [...Object.values(command.options), ...Object.values(allGlobalOptions)]
  const ours = new Set(specs.flatMap(({ flags }) => optionSyntax(flags).flags))
  for (const word of argv.filter((each) => each.startsWith('--') && each !== '--')) {
    const { flag } = typedOption(word)
    if (ours.has(flag)) continue
    const candidates = synonyms.flatMap(([theirs, ...same]) => (theirs.split(' ').includes(flag) ? same : []))
    const format = formats.find((each) => flag === `--${each}`)
    const meant = candidates.find((each) => ours.has(each)) ?? (format && `-f ${format}`)
    if (meant === undefined) return undefined
    return new UsageError(`unknown option '${flag}'`, { hint: `Did you mean ${meant}?; see tyrax ${name} --help` })
  }
  return undefined
}
