import { createRequire } from 'node:module'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { start } from './process.mjs'
import { cli } from './setting.mjs'

// The embedded cloud's own driver.
const { DatabaseSync } = createRequire(new URL('../../packages/server/package.json', import.meta.url))(
  '@photostructure/sqlite',
)

/**
 * Who reads the pages: an admin, a project that owns a third of all images, one that owns and is shown a few of a
 * hundred, and one that sees little but the public ones.
 */
export const views = ['admin', 'big', 'demo', 'guest']

/** How often each rare label, status and size occurs, however many images there are. */
const rare = 200

/**
 * An embedded cloud in a process of its own that holds this many images: written into its database at once, since a
 * million requests would take an hour. Of a twelfth of the images, the status is `queued`, the tag `common`, and
 * `os_distro` d0; `era=old` are the oldest twelfth; what is rare is spread evenly, and nothing depends on anything else.
 */
export async function startManyImages(setting, count) {
  const data = path.join(await mkdtemp(path.join(setting.folder, 'images-')), 'cloud')
  const delayFile = path.join(path.dirname(data), 'delay')
  const configFile = path.join(path.dirname(data), 'config.json')
  const users = views.map((name) => {
    return { name, password: 'secret', project: name, roles: [name === 'admin' ? 'admin' : 'member'] }
  })
  await writeFile(configFile, JSON.stringify({ projects: views, users }))
  const serve = (env) =>
    start(process.execPath, [cli, 'serve', '--port', '0', '--json', '--data', data, '--config', configFile], {
      env: { ...process.env, TMPDIR: setting.folder, ...env },
    })
  await (await serve({})).stop()
  fill(path.join(data, 'cloud.sqlite'), count)
  const worker = new URL('../workers/loop-delay.mjs', import.meta.url).pathname
  const served = await serve({
    NODE_OPTIONS: `--import ${worker}`,
    TYRAX_BENCH_LOOP_DELAY: delayFile,
  })
  const { cloudsYaml, imageUrl } = served.ready
  return {
    count,
    ...Object.fromEntries(
      await Promise.all(views.map(async (name) => [name, await setting.access(cloudsYaml, name, imageUrl)])),
    ),
    /** The longest time in milliseconds that the event loop was busy since this was last called. */
    async longestBlock() {
      await rm(delayFile, { force: true })
      process.kill(served.pid, 'SIGUSR2')
      for (let waited = 0; waited < 10_000; waited += 5) {
        const text = await readFile(delayFile, 'utf8').catch(() => undefined)
        if (text !== undefined) return Number(text)
        await sleep(5)
      }
      throw new Error('the embedded cloud does not report its event loop')
    },
    close: () => served.stop(),
  }
}

function fill(file, count) {
  const db = new DatabaseSync(file)
  db.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -262144; BEGIN')
  const tables = `('images', 'image_properties', 'image_tags', 'image_members')`
  const indexes = db
    .prepare(`SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND type = 'index' AND tbl_name IN ${tables}`)
    .all()
  // Building them at once is several times faster than row by row.
  for (const { name } of indexes) db.exec(`DROP INDEX ${name}`)
  const [demo, big] = ['demo', 'big'].map((name) => {
    return db.prepare('SELECT id FROM identity_projects WHERE name = ?').get(name).id
  })
  const every = Math.max(1, Math.floor(count / rare))
  db.exec(`
    CREATE TEMP TABLE made AS
    WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${count})
    SELECT i, lower(substr(h, 1, 8) || '-' || substr(h, 9, 4) || '-' || substr(h, 13, 4) || '-' || substr(h, 17, 4) || '-' ||
      substr(h, 21, 12)) AS id, 1500000000000000 + i * 1000000 AS created_at, abs(random()) AS r, abs(random()) AS s,
      abs(random()) AS t
    FROM (SELECT i, hex(randomblob(16)) AS h FROM n);
    INSERT INTO images (id, name, status, visibility, protected, os_hidden, checksum, os_hash_algo, os_hash_value, owner,
      size, virtual_size, container_format, disk_format, min_disk, min_ram, created_at, updated_at)
    SELECT id, 'image ' || (r % ${Math.ceil(count / 2)}),
      CASE WHEN i % ${every} = 1 THEN 'deactivated' WHEN s % 12 = 3 THEN 'queued' ELSE 'active' END,
      CASE s / 12 % 100 WHEN 0 THEN 'public' WHEN 1 THEN 'community' WHEN 2 THEN 'private' ELSE 'shared' END,
      i % ${every} = 2, i % ${every} = 4, lower(hex(randomblob(16))), 'sha512', lower(hex(randomblob(64))),
      CASE WHEN t % 100 = 0 THEN '${demo}' WHEN t / 700 % 3 = 0 THEN '${big}' ELSE 'project ' || (i % 997) END,
      CASE WHEN i % ${every} = 5 THEN 1000000000000 + r % 1000000000 WHEN s % 12 = 3 THEN NULL ELSE r % 1000000000 END,
      r % 1000000000, CASE WHEN i % ${every} = 6 THEN 'ovf' ELSE 'bare' END,
      CASE t / 100 % 5 WHEN 0 THEN 'raw' WHEN 1 THEN 'vmdk' ELSE 'qcow2' END,
      CASE WHEN i % ${every} = 7 THEN 500 ELSE t / 500 % 3 END, CASE WHEN i % ${every} = 8 THEN 65536 ELSE 512 END,
      created_at, created_at + r % 100000000
    FROM made ORDER BY i;
    CREATE TEMP TABLE labels AS SELECT i, m.r / 1000000000 AS u, m.id AS image_id, os_hidden, m.created_at, number FROM made m JOIN images ON number = i + 1;
    INSERT INTO image_tags
      SELECT image_id, 'common', os_hidden, created_at, number FROM labels WHERE u % 12 = 0 UNION ALL
      SELECT image_id, 'half', os_hidden, created_at, number FROM labels WHERE u / 12 % 2 = 0 UNION ALL
      SELECT image_id, 'other', os_hidden, created_at, number FROM labels WHERE u % 12 = 5 UNION ALL
      SELECT image_id, 'rare', os_hidden, created_at, number FROM labels WHERE i % ${every} = 0;
    INSERT INTO image_properties
      SELECT image_id, 'os_distro', 'd' || (u / 24 % 12), os_hidden, created_at, number FROM labels UNION ALL
      SELECT image_id, 'era', CASE WHEN i < ${count} / 12 THEN 'old' ELSE 'new' END, os_hidden, created_at, number FROM labels UNION ALL
      SELECT image_id, 'build', 'rare', os_hidden, created_at, number FROM labels WHERE i % ${every} = 0;
    INSERT INTO image_members
      SELECT m.id, '${demo}', CASE i % 3 WHEN 0 THEN 'accepted' WHEN 1 THEN 'pending' ELSE 'rejected' END, 1, 1, m.created_at,
        CASE visibility WHEN 'shared' THEN os_hidden END, number
      FROM made m JOIN images ON number = i + 1 WHERE t / 1500 % 30 = 11;
  `)
  for (const { sql } of indexes) db.exec(sql)
  db.exec('COMMIT')
  db.close()
}
