import { once } from 'node:events'
import path from 'node:path'
import { UsageError } from '@tyrax/sdk'
import type { EmbeddedCloud } from '@tyrax/server'
import { announce, readRunning, release, writeCloudsFile } from '../cloud/running-cloud.js'
import { embeddedFolder } from '../cloud/paths.js'
import { defineCommand } from '../command/define-command.js'
import { option } from '../command/option.js'
import type { Context } from '../command/context.js'
import { nothing } from '../output/result.js'
import { jsonText, oneLine } from '../output/visible.js'
import { FolderTaken } from '../errors.js'
import { readDocument, startServer } from '../cloud/start-server.js'
import { noColumns } from '../output/columns.js'

export const serve = defineCommand({
  summary: 'Run the embedded cloud',
  description:
    'Runs Keystone v3, Glance v2 and Swift on one port until it is stopped (Ctrl-C, SIGTERM). When it is ready it prints\n' +
    'one line that names a clouds.yaml for any client. Without --config the users are admin and demo, password "secret".\n' +
    'It is meant for use on one machine.',
  examples: [
    { run: 'tyrax serve --ephemeral', does: 'keep nothing' },
    { run: 'tyrax serve --data ./cloud --port 5000', does: 'keep images between runs' },
    { run: 'tyrax serve --port 0 --json --ephemeral', does: 'for scripts: a free port, one JSON line' },
  ],
  args: {},
  options: {
    host: option.text('--host <address>', 'address to listen on (default 127.0.0.1)'),
    publicUrl: option.text('--public-url <url>', 'URL that clients use, if it differs from the address it listens on'),
    allowDefaultPasswords: option.flag(
      '--allow-default-passwords',
      'allow other machines to connect although the passwords are the default ones',
    ),
    cors: option.texts('--cors <origin>', 'let web pages of this origin use it; repeat for more (* for all)'),
    port: option.integer('--port <n>', 'port to listen on, 0 for any free one (default 5000)', { max: 65_535 }),
    data: option.text('--data <dir>', "folder to keep everything in (default: the user's data folder)"),
    ephemeral: option.flag('--ephemeral', 'keep nothing'),
    sweep: option.flag('--sweep', 'move stored files without a record to <dir>/orphans, and list them'),
    config: option.text('--config <file>', 'projects, users, stores, quotas (YAML or JSON)'),
    faults: option.text('--faults <file>', 'faults to inject (YAML or JSON)'),
    json: option.flag('--json', 'print the ready line as one JSON object'),
  },
  columns: noColumns,
  isLocal: true,
  check({ options }) {
    if (options.data !== undefined && options.ephemeral) {
      throw new UsageError('--data keeps everything and --ephemeral keeps nothing', { hint: 'give one of them' })
    }
    if (options.sweep && options.ephemeral) {
      throw new UsageError('--sweep needs a data folder that is kept', { hint: 'leave out --ephemeral' })
    }
    if (/^~($|[/\\])/.test(options.data ?? '')) {
      throw new UsageError(`--data ${options.data}: the shell did not replace "~"`, {
        hint: 'write --data ~/folder with a space, not "=", and without quotes',
      })
    }
    if (options.data === '') throw new UsageError('--data is empty', { hint: 'give a folder' })
  },
  async run(context, { options }) {
    const { signal, surroundings } = context
    const resolve = (file: string) => path.resolve(context.cwd, file)
    const [config, faults] = await Promise.all([
      options.config === undefined ? undefined : readDocument('--config', resolve(options.config)),
      options.faults === undefined ? undefined : readDocument('--faults', resolve(options.faults)),
    ])
    const data = options.ephemeral ? undefined : dataFolder(context, options.data)
    const { sweep } = options
    const cloud = await startServer({
      host: options.host,
      publicUrl: options.publicUrl,
      allowDefaultPasswords: options.allowDefaultPasswords,
      cors: options.cors,
      port: options.port ?? 5000,
      data,
      sweep,
      config,
      faults,
    }).catch((error: unknown) => namingHolder(error, data))
    context.onEnd(() => cloud.close())
    reportOrphans(context, cloud)
    const clouds = await writeCloudsFile(cloud.cloudsYaml, cloud.folder)
    context.onEnd(() => clouds.remove())
    if (data !== undefined) {
      await announce(cloud.folder, cloud.authUrl)
      context.onEnd(() => release(cloud.folder))
    }
    surroundings.stdout.write(
      options.json
        ? `${jsonText({
            ready: true,
            authUrl: cloud.authUrl,
            imageUrl: cloud.imageUrl,
            objectStoreUrl: cloud.objectStoreUrl,
            cloudsYaml: clouds.path,
            pid: process.pid,
          })}\n`
        : `ready: ${cloud.authUrl} (clouds.yaml: ${oneLine(clouds.path)})\n`,
    )
    await surroundings.stdout.flush()
    if (!signal.aborted) await once(signal, 'abort')
    return nothing
  },
})

function dataFolder(context: Context, given: string | undefined): string {
  return given === undefined ? embeddedFolder(context.env) : path.resolve(context.cwd, given)
}

/** Adds the address at which the process that holds the folder listens. */
async function namingHolder(error: unknown, data: string | undefined): Promise<never> {
  const running = error instanceof FolderTaken && data !== undefined ? await readRunning(data) : undefined
  if (running === undefined || running.isRunning === false) throw error
  throw new FolderTaken(`Process ${running.pid} already runs a cloud on ${data}`, {
    hint: `it is at ${running.authUrl}; choose another folder with --data`,
    cause: error,
  })
}

/** Names each file if they were moved: a list to check before removing them. */
function reportOrphans(context: Context, { folder, orphans }: EmbeddedCloud): void {
  const { stderr } = context.surroundings
  if (orphans.length === 0) return
  const bytes = orphans.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  const count = `${orphans.length} stored ${orphans.length === 1 ? 'file' : 'files'} without a record (${bytes} bytes)`
  const moved = orphans.filter(({ movedTo }) => movedTo !== undefined)
  for (const { file, movedTo, sizeBytes } of moved) {
    stderr.write(`moved aside: ${oneLine(`${file} -> ${movedTo}`)} (${sizeBytes} bytes)\n`)
  }
  if (moved.length === 0) {
    context.note(`${count} in ${path.join(folder, 'blobs')}: --sweep moves them aside`)
    return
  }
  const [top = '', time = ''] = moved[0]?.movedTo?.split('/') ?? []
  const aside = path.join(folder, top, time)
  stderr.write(`${count} moved to ${aside}: remove that folder if you need none of them\n`)
}
