/** Whether the process was started to ignore hang-ups. */
export function ignoresHangUp(process: Pick<NodeJS.Process, 'env' | 'ppid'>): boolean

/** At the end of the process: closes terminals that are gone, whose settings Node would fail to restore. */
export function letGoOfLostTerminal(): void
