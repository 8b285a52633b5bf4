/** The colours of one stream: real ones or none. */
export interface Style {
  readonly bold: (text: string) => string
  readonly dim: (text: string) => string
  readonly red: (text: string) => string
  readonly green: (text: string) => string
  readonly yellow: (text: string) => string
}

const plain = (text: string) => text
const sgr = (on: number, off: number) => (text: string) => (text === '' ? '' : `\u001B[${on}m${text}\u001B[${off}m`)

export const noStyle: Style = { bold: plain, dim: plain, red: plain, green: plain, yellow: plain }
export const ansiStyle: Style = {
  bold: sgr(1, 22),
  dim: sgr(2, 22),
  red: sgr(31, 39),
  green: sgr(32, 39),
  yellow: sgr(33, 39),
}

export const colorModes = ['auto', 'always', 'never'] as const
export type ColorMode = (typeof colorModes)[number]

/**
 * Whether a stream is coloured: depends on `--color`, then NO_COLOR (no-color.org), FORCE_COLOR and CLICOLOR_FORCE,
 * then TERM=dumb and CLICOLOR=0, then on whether it is a terminal.
 */
export function styleFor(
  stream: { readonly isTTY?: boolean | undefined },
  mode: ColorMode,
  env: NodeJS.ProcessEnv,
): Style {
  return isColoured(stream, mode, env) ? ansiStyle : noStyle
}

function isColoured(
  stream: { readonly isTTY?: boolean | undefined },
  mode: ColorMode,
  env: NodeJS.ProcessEnv,
): boolean {
  if (mode !== 'auto') return mode === 'always'
  if (env['NO_COLOR']) return false
  if (isOn(env['FORCE_COLOR']) || isOn(env['CLICOLOR_FORCE'])) return true
  if (env['FORCE_COLOR'] === '0' || env['TERM'] === 'dumb' || env['CLICOLOR'] === '0') return false
  return stream.isTTY === true
}

function isOn(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== '0' && value !== 'false'
}
