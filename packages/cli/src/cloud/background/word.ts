/** The word that makes tyrax the background process of a folder. Not a command: people type `tyrax serve`. */
export const backgroundWord = 'background-cloud'

/** The descriptor on which the command that starts it waits for the outcome. */
export const outcomeDescriptor = 3

/** The file next to a cloud's folder to which its background process writes. */
export const logFile = (folder: string): string => `${folder}.log`
