import { spawn } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { chmod, copyFile, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { connect } from '@tyrax/sdk'
import { startCloud } from '@tyrax/server'
import { fixturePath } from '@tyrax/testkit'
import { root } from './blocks.js'

/** The result of one command. */
export interface Ran {
  readonly code: number
  /** stdout and stderr, as on a terminal. */
  readonly output: string
}

/** A reader's machine: its own home folder, clouds to work on, and the files that pages mention. */
export interface Sandbox {
  /** Runs commands one after the other in one shell. @returns their results, up to the first that failed */
  run(commands: readonly string[]): Promise<Ran[]>
  [Symbol.asyncDispose](): Promise<void>
}

const tyrax = path.join(root, 'packages/cli/bin/tyrax.js')

/**
 * Commands of the sandbox. A server that should keep running is started on any port, and waited for until it reports
 * that it is ready.
 */
const programs = {
  tyrax: `case " $* " in *" --status "* | *" --stop "*) ;; " serve "*) serves=1 ;; esac
[ -n "$serves" ] || exec node '${tyrax}' "$@"
coproc SERVER { exec node '${tyrax}' "$@" --port 0 2>&1; }
pid=$SERVER_PID
while IFS= read -r line <&"\${SERVER[0]}"; do
  echo "$line"
  case $line in ready:*) kill -TERM "$pid"; ready=1 ;; esac
done
[ -n "$ready" ]`,
  npx: '"$@"',
  // Commands notice that a person is there, and nothing is set for them.
  'on-terminal': `exec env -u CI -u OS_CLOUD NO_COLOR=1 TYRAX_PROGRESS=none COLUMNS=120 \\
  script -qec "stty cols 120; $(printf '%q ' "$@")" /dev/null`,
  npm: `[ "$*" = start ] && exec env -u OS_CLOUD node '${path.join(root, 'examples/quickstart.mjs')}'
echo "npm $* is not for a sandbox" >&2
exit 1`,
  jq: `[ "$1" = -r ] && shift
exec node -e 'let text = ""
process.stdin.on("data", (data) => (text += data)).on("end", () => {
  console.log(process.argv[1].slice(1).split(".").reduce((value, name) => value[name], JSON.parse(text)))
})' -- "$1"`,
}

export async function openSandbox(): Promise<Sandbox> {
  const home = await mkdtemp(path.join(tmpdir(), 'tyrax-docs-'))
  const bin = path.join(home, 'bin')
  const folder = path.join(home, 'work')
  for (const made of [bin, folder, path.join(home, '.config/openstack')]) await mkdir(made, { recursive: true })
  for (const [name, text] of Object.entries(programs)) {
    await writeFile(path.join(bin, name), `#!/usr/bin/env bash\n${text}\n`)
    await chmod(path.join(bin, name), 0o755)
  }
  for (const name of ['debian-13.qcow2', 'debian.qcow2']) await copyFile(fixturePath('qcow2'), path.join(folder, name))
  await copyFile(fixturePath('raw-gpt'), path.join(folder, 'upload.img'))

  const server = await startCloud({ port: 0, config: { projects: ['build', 'partner'], users } })
  await writeFile(path.join(home, '.config/openstack/clouds.yaml'), server.cloudsYaml, { mode: 0o600 })
  await using partner = await connect({
    auth: { authUrl: server.authUrl, username: 'partner', password: 'secret', projectName: 'partner' },
  })
  const files = await serveFiles(folder)
  const env = {
    HOME: home,
    PATH: `${bin}:${path.dirname(process.execPath)}:${process.env['PATH']}`,
    LANG: 'C.UTF-8',
    CI: 'true',
    OS_CLOUD: 'mycloud',
    FILES: files.url,
    PARTNER_PROJECT: partner.projectId ?? '',
  }
  return {
    run: (commands) => runIn(folder, env, commands),
    async [Symbol.asyncDispose]() {
      await files.close()
      await server.close()
      await rm(home, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

const users = ['mycloud', 'partner'].map((name) => ({
  name,
  password: 'secret',
  project: name === 'partner' ? 'partner' : 'build',
  roles: ['member'],
}))

const mark = '\u0001'

async function runIn(cwd: string, env: Record<string, string>, commands: readonly string[]): Promise<Ran[]> {
  const script = commands
    .map((command) => `{ ${command}\n}; code=$?; printf '${mark}%s${mark}' "$code"; [ "$code" = 0 ] || exit 0\n`)
    .join('')
  const shell = spawn('bash', ['-c', `exec 2>&1; set -o pipefail\n${script}`], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  shell.stdout.setEncoding('utf8').on('data', (data: string) => (text += data))
  await new Promise((resolve) => shell.on('close', resolve))
  const parts = text.split(mark)
  return parts.flatMap((output, index) => {
    const code = parts[index + 1]
    return index % 2 === 0 && code !== undefined ? [{ output, code: Number(code) }] : []
  })
}

async function serveFiles(folder: string): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer((request, response) => {
    const file = path.join(folder, path.basename(request.url ?? ''))
    stat(file).then(
      ({ size }) => createReadStream(file).pipe(response.writeHead(200, { 'content-length': size })),
      () => response.writeHead(404).end(),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
