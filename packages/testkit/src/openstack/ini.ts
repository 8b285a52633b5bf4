import { writeFile } from 'node:fs/promises'

export type IniSections = Readonly<Record<string, Readonly<Record<string, string | number | boolean>>>>

/** Writes a configuration file of the Python services, readable only by its owner, because it contains passwords. */
export async function writeIni(file: string, sections: IniSections): Promise<void> {
  const lines = Object.entries(sections).flatMap(([section, values]) => [
    `[${section}]`,
    ...Object.entries(values).map(([key, value]) => `${key} = ${String(value)}`),
    '',
  ])
  await writeFile(file, lines.join('\n'), { mode: 0o600 })
}
