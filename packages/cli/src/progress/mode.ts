/** `auto`: `tty` on a terminal, `plain` elsewhere. */
export const progressModes = ['auto', 'plain', 'tty', 'json', 'none'] as const
export type ProgressMode = (typeof progressModes)[number]
