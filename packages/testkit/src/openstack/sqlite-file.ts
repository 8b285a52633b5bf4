import { copyFile, mkdir, rename } from 'node:fs/promises'
import path from 'node:path'
import { runCommand } from './command.js'
import type { Plan } from './plan.js'

/** Waits up to 60 seconds for another writer instead of responding with 500. */
export const sqliteUrl = (file: string): string => `sqlite:///${file}?timeout=60`

/**
 * Creates a service's database. Creating the tables takes many seconds and always has the same result, so the result is
 * kept next to the Python environment that made it, and copied from then on.
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

/** Opening it, setting WAL and closing it leaves one complete file: the last connection to close merges the log. */
async function setJournal(plan: Plan, file: string, mode: string): Promise<void> {
  const code =
    'import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute(f"PRAGMA journal_mode={sys.argv[2]}"); c.close()'
  await runCommand(plan.environment.bin('python'), ['-c', code, file, mode], { env: plan.env })
}
