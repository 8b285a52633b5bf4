import path from 'node:path'
import { run } from './process.mjs'

const count = 10_000
export const imageName = 'one-of-ten-thousand'

/**
 * Runs `measure` while the demo project of the real Glance has ten thousand images more, with a program of gophercloud
 * that lists them: through the API, making them would take minutes.
 */
export async function withTenThousand(setting, measure) {
  const real = await setting.real()
  const { cloudsYaml, clouds, logs, bin } = real
  const { cloud, projectId } = clouds.demo
  const database = path.resolve(logs, '../glance/glance.db')
  const python = path.join(bin, 'python')
  await run(python, ['-c', insertImages, database, projectId, imageName, String(count)])
  try {
    const program = path.join(setting.folder, 'list')
    const source = new URL('../../packages/acceptance/src/foreign-clients/gophercloud', import.meta.url).pathname
    await run('go', ['-C', source, 'build', '-o', program, './list'])
    return await measure({ cloudsYaml, cloud, program, env: { ...process.env, OS_CLIENT_CONFIG_FILE: cloudsYaml } })
  } finally {
    await run(python, ['-c', removeImages, database, imageName])
  }
}

/** @throws Error for another number of images */
export function checkCount(listed) {
  if (listed !== count) throw new Error(`${listed} images were listed instead of ${count}`)
}

const insertImages = `
import datetime, sqlite3, sys, uuid
file, owner, name, count = sys.argv[1:]
db = sqlite3.connect(file, timeout=60)
first = datetime.datetime(2026, 1, 1)
rows = []
for number in range(int(count)):
    # With a fraction, as Glance stores times: markers are compared as text.
    at = (first + datetime.timedelta(seconds=number)).strftime('%Y-%m-%d %H:%M:%S.%f')
    rows.append((str(uuid.uuid4()), name, 1048576, 'active', at, at, 0, '0' * 32, owner, 0, 0, 0, 1048576,
                 'private', 0, 'sha512', '0' * 128, 'raw', 'bare'))
with db:
    db.executemany("""INSERT INTO images (id, name, size, status, created_at, updated_at, deleted, checksum, owner,
        min_disk, min_ram, protected, virtual_size, visibility, os_hidden, os_hash_algo, os_hash_value, disk_format,
        container_format) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)""", rows)
    db.executemany("INSERT INTO image_properties (image_id, name, value, created_at, deleted) VALUES (?, 'os_distro', 'debian', ?, 0)",
                   [(row[0], row[4]) for row in rows])
`
const removeImages = `
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], timeout=60)
with db:
    db.execute("DELETE FROM image_properties WHERE image_id IN (SELECT id FROM images WHERE name = ?)", (sys.argv[2],))
    db.execute("DELETE FROM images WHERE name = ?", (sys.argv[2],))
`
