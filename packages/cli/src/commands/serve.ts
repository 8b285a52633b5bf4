import { once } from 'node:events'
import path from 'node:path'
import { UsageError } from '@tyrax/sdk'
import type { EmbeddedCloud } from '@tyrax/server'
import { openControl } from '../cloud/background/control.js'
import { statusColumns, statusOf, stopHolder, takeOver } from '../cloud/background/holder.js'
import { announce, newSecret, readRunning, release } from '../cloud/background/record.js'
import { writeCloudsFile } from '../cloud/clouds-file.js'
import { embeddedFolder } from '../cloud/paths.js'
import { defineCommand } from '../command/define-command.js'
import { option } from '../command/option.js'
import type { Context } from '../command/context.js'
import { item, nothing, type Result } from '../output/result.js'
import { jsonText, oneLine } from '../output/visible.js'
import { FolderTaken } from '../errors.js'
import { readDocument, startServer } from '../cloud/start-server.js'

export const serve = defineCommand({
  summary: 'Run the embedded cloud',
  description:
    'Runs Keystone v3, Glance v2 and Swift on one port until it is stopped (Ctrl-C, SIGTERM). When it is ready it prints\n' +
    'one line that names a clouds.yaml for any client. Without --config the users are admin and demo, password "secret".\n' +
    'It is meant for use on one machine.\n\n' +
    'Commands with --os-cloud embedded start the same cloud in the background, on the default folder; it ends when no\n' +
    'command has used it for a minute. --status and --stop are about the cloud of a folder, however it was started.',
  examples: [
    { run: 'tyrax serve --ephemeral', does: 'keep nothing' },
    { run: 'tyrax serve --data ./cloud --port 5000', does: 'keep images between runs' },
    { run: 'tyrax serve --port 0 --json --ephemeral', does: 'for scripts: a free port, one JSON line' },
    { run: 'tyrax serve --status', does: 'is one running, where, and for how many commands' },
    { run: 'tyrax serve --stop', does: 'end it' },
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
    json: option.flag('--json', 'print the ready line, or the status, as one JSON object'),
    status: option.flag('--status', 'show what runs the cloud of the folder, and start none'),
    stop: option.flag('--stop', 'end what runs the cloud of the folder, and wait for it'),
  },
  columns: { names: statusColumns },
  isLocal: true,
  check({ options }) {
    if (options.status && options.stop) throw new UsageError('--status and --stop exclude each other')
    if ((options.status || options.stop) && options.ephemeral) {
      throw new UsageError('An --ephemeral cloud is found only through its ready line', {
        hint: 'end it with SIGTERM to the pid of that line',
      })
    }
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
    const { surroundings } = context
    if (options.status || options.stop) {
      const folder = dataFolder(context, options.data)
      return options.stop ? stop(context, folder) : status(context, folder, options.json)
    }
    const resolve = (file: string) => path.resolve(context.cwd, file)
    const [config, faults] = await Promise.all([
      options.config === undefined ? undefined : readDocument('--config', resolve(options.config)),
      options.faults === undefined ? undefined : readDocument('--faults', resolve(options.faults)),
    ])
    const data = options.ephemeral ? undefined : dataFolder(context, options.data)
    const { sweep } = options
    if (data !== undefined) await takeOver(data)
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
    const stopped = data === undefined ? undefined : await letCommandsJoin(context, cloud)
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
    const signal = AbortSignal.any([context.signal, ...(stopped ? [stopped] : [])])
    if (!signal.aborted) await once(signal, 'abort')
    return nothing
  },
})

/** Announces the cloud to commands with `--os-cloud embedded`. @returns aborted when one asks for its end */
async function letCommandsJoin(context: Context, cloud: EmbeddedCloud): Promise<AbortSignal> {
  const { folder, authUrl } = cloud
  const key = newSecret()
  const stopped = new AbortController()
  const control = await openControl(key, (wish) => {
    if (wish === 'stop') stopped.abort('stop')
    return wish !== 'yield' && (wish === 'stop' || !stopped.signal.aborted)
  })
  const address = { port: control.port, key }
  await announce(folder, { authUrl, username: 'demo', password: 'secret', control: address, isBackground: false })
  context.onEnd(async () => {
    await release(folder, address)
    await cloud.close()
    // Last, because others wait for it.
    await control.close()
  })
  return stopped.signal
}

async function status(context: Context, folder: string, asJson: boolean | undefined): Promise<Result> {
  const row = await statusOf(folder)
  if (!asJson) return item(row)
  context.surroundings.stdout.write(`${jsonText(row)}\n`)
  return nothing
}

async function stop(context: Context, folder: string): Promise<Result> {
  const pid = await stopHolder(folder)
  context.note(pid === undefined ? `no cloud is running in ${folder}` : `process ${pid} has ended`)
  return nothing
}

function dataFolder(context: Context, given: string | undefined): string {
  return given === undefined ? embeddedFolder(context) : path.resolve(context.cwd, given)
}

/** Adds the address at which the process that holds the folder listens. */
async function namingHolder(error: unknown, data: string | undefined): Promise<never> {
  const running = error instanceof FolderTaken && data !== undefined ? await readRunning(data) : undefined
  if (running === undefined || running.isRunning === false) throw error
  throw new FolderTaken(`Process ${running.pid} already runs a cloud on ${data}`, {
    hint: running.isBackground
      ? 'commands use it: wait for them, or end it with tyrax serve --stop'
      : `it is at ${running.authUrl}; choose another folder with --data`,
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
