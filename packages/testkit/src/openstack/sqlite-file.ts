import { copyFile, mkdir, rename } from 'node:fs/promises'
import path from 'node:path'
import { runCommand } from './command.js'
import type { Plan } from './plan.js'

/** Waits for another writer this long instead of answering 500. */
export const sqliteUrl = (file: string): string => `sqlite:///${file}?timeout=60`

/**
 * Gives a service its database. Making the tables takes many seconds and ends the same every time, so the result is
 * kept beside the Python environment that made it and copied from then on.
 */
export async function provideDatabase(plan: Plan, file: string, makeTables: () => Promise<void>): Promise<void> {
  const { folder } = plan.environment
  const kept = path.join(folder, 'databases', path.basename(file))
  if (
    await copyFile(kept, file).then(
      () => true,
      () => false,
    )
  )
    return
  await setJournal(plan, file, 'wal')
  await makeTables()
  await mkdir(path.dirname(kept), { recursive: true })
  const draft = `${kept}.${process.pid}`
  await setJournal(plan, file, 'wal')
  await copyFile(file, draft)
  await rename(draft, kept)
}

/** Opening, asking for WAL and closing leaves one whole file: the last connection to close writes the log back. */
async function setJournal(plan: Plan, file: string, mode: string): Promise<void> {
  const code =
    'import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute(f"PRAGMA journal_mode={sys.argv[2]}"); c.close()'
  await runCommand(plan.environment.bin('python'), ['-c', code, file, mode], { env: plan.env })
}
