import type { Coverage } from './coverage.js'

/** The page that shows where each route is: `docs/api-coverage.md`. */
export function coveragePage(routes: readonly Coverage[]): string {
  const cell = (value: Coverage['sdk']) => (typeof value === 'string' ? `\`${value}\`` : `none: ${value.missing}`)
  const rows = routes.map(({ method, route, since, sdk, command, test }) => [
    `\`${method} ${route}\``,
    since,
    cell(sdk),
    'yes',
    cell(command),
    `[${test.title}](../${test.file})`,
  ])
  return [
    '# The image API, route by route',
    '',
    'Every route of Glance v2 up to v2.18: the method of the SDK (from `cloud` on), the embedded cloud, the command (after `tyrax`),',
    'and a test of the embedded cloud. Tests in `contracts` also run against a real Glance. `npm run api-coverage` writes this page,',
    'and a test fails if something in it does not exist.',
    '',
    ...table([['route', 'since', 'SDK', 'embedded', 'command', 'test'], ...rows]),
    '',
  ].join('\n')
}

/** Padded as the formatter pads it. */
function table([head = [], ...rows]: readonly (readonly string[])[]): string[] {
  const widths = head.map((_, at) => Math.max(...[head, ...rows].map((row) => row[at]?.length ?? 0)))
  const line = (cells: readonly string[]) => `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)]
}
