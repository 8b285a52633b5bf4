import { spawn } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { chmod, copyFile, mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { startCloud } from '@tyrax/server'
import { fixturePath, startFaultServer } from '@tyrax/testkit'
import { expect, test } from 'vitest'
import { groups, programExamples } from '../commands/groups.js'
import { commandEntries } from '../commands/index.js'
import { readShellLine } from '../completion/shell-line.js'
import { bin } from '../testing/bundle.js'
import { homeEnv, makeHome } from '../testing/home.js'
import { run } from '../testing/in-process.js'
import { serving } from '../testing/serving.js'
import { preparations, usual } from './preparations.js'

/** The result of one line. */
interface Ran {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

const examples = [
  ['tyrax', programExamples] as const,
  ...Object.entries(groups).map(([words, group]) => [`group ${words}`, group.examples] as const),
  ...(await Promise.all(
    commandEntries.map(async ({ path: words, load }) => [words.join(' '), (await load()).examples] as const),
  )),
]

test('every preparation is for examples that exist', () => {
  expect(examples.map(([words]) => words)).toEqual(expect.arrayContaining(Object.keys(preparations)))
})

test.each(examples)('%s: its examples can be typed', async (words, lines) => {
  const { before = usual, each = [], words: placeholders = {}, cloud = 'mycloud' } = preparations[words] ?? {}
  await using machine = await openMachine(cloud)
  const prepare = async (line: string) => expectNoFailure(line, await machine.type(line))
  for (const line of before) await prepare(line)
  for (const { run: example } of lines) {
    for (const line of each) await prepare(line)
    let line = example
    for (const [word, command] of Object.entries(placeholders)) {
      if (line.includes(word)) line = line.replaceAll(word, (await machine.type(command)).stdout.trim())
    }
    expectNoFailure(example, await machine.type(line))
  }
})

function expectNoFailure(line: string, { exitCode, stderr }: Ran): void {
  expect({ line, exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({ line, exitCode: 0, stderr: '' })
}

/** A user's machine, with the files that examples mention, and clouds of its own. */
async function openMachine(cloudName: keyof typeof projects) {
  const home = await makeHome()
  const files = await startFaultServer({
    handler: (request, response) => {
      const file = path.join(home, path.basename(request.url ?? ''))
      response.writeHead(200, { 'content-length': statSync(file).size }).end(readFileSync(file))
    },
  })
  const importFilter = { allowedHosts: ['127.0.0.1'], allowedPorts: [Number(new URL(files.url).port)] }
  const cloud = await startCloud({
    port: 0,
    config: { projects: [...new Set(Object.values(projects))], users, image: { ...image, importFilter } },
  })
  await writeFile(path.join(home, 'clouds.yaml'), cloud.cloudsYaml, { mode: 0o600 })
  for (const name of ['debian-13.qcow2', 'debian.qcow2', 'disk.qcow2', 'upload.img']) {
    await copyFile(fixturePath('qcow2'), path.join(home, name))
  }
  await copyFile(fixturePath('raw-gpt'), path.join(home, 'disk.raw'))
  await copyFile(fixturePath('raw-gpt'), path.join(home, 'u.raw'))
  await copyFile(fixturePath('vhd-dynamic'), path.join(home, 'u.vhd'))
  await writeFile(path.join(home, 'disk.raw.gz'), gzipSync(readFileSync(fixturePath('raw-gpt'))))
  await mkdir(path.join(home, 'bin'))
  await writeFile(path.join(home, 'bin/tyrax'), `#!/bin/sh\nexec '${process.execPath}' '${bin}' "$@"\n`)
  await chmod(path.join(home, 'bin/tyrax'), 0o755)
  const env = {
    OS_CLIENT_CONFIG_FILE: path.join(home, 'clouds.yaml'),
    OS_CLOUD: cloudName,
    PATH: `${path.join(home, 'bin')}:${process.env['PATH']}`,
    PROFILE: 'profile.ps1',
    MIRROR: files.url,
    GLANCE: new URL('/image', cloud.authUrl).href,
  }
  return {
    /** Types a line: into a shell if it takes one, otherwise in this process. */
    async type(line: string): Promise<Ran> {
      const given = line.replaceAll('https://example.org', files.url).replace('--port 5000', '--port 0')
      const needsShell = !given.startsWith('tyrax ') || /[|&;<>$`]/.test(given)
      if (needsShell) return inShell(given, home, env)
      const [, ...argv] = readShellLine(`${given} `, '').words
      if (argv[0] === 'serve' && !/--(stop|status)/.test(given)) {
        return serving(home, argv.slice(1), async () => {})
      }
      return run(home, argv, { env })
    },
    async [Symbol.asyncDispose]() {
      await files.close()
      await cloud.close()
    },
  }
}

/** The clouds of clouds.yaml, and the project of each. */
const projects = { mycloud: 'build', member: 'build', other: 'partner', staging: 'staging', production: 'production' }

const users = Object.entries(projects).map(([name, project]) => ({
  name,
  password: 'secret',
  project,
  roles: ['mycloud', 'other'].includes(name) ? ['admin', 'member'] : ['member'],
}))

const image = {
  stores: [{ id: 'fast', default: true }, { id: 'archive' }, { id: 'web', type: 'http' as const }],
  cache: true,
  showMultipleLocations: true,
}

async function inShell(line: string, home: string, env: Readonly<Record<string, string>>): Promise<Ran> {
  const shell = spawn('bash', ['-c', `set -o pipefail\n${line}`], {
    cwd: home,
    env: { ...homeEnv(home), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const text = { stdout: '', stderr: '' }
  shell.stdout.setEncoding('utf8').on('data', (data: string) => (text.stdout += data))
  shell.stderr.setEncoding('utf8').on('data', (data: string) => (text.stderr += data))
  const exitCode = await new Promise<number>((resolve) => shell.on('close', (code) => resolve(code ?? -1)))
  return { exitCode, ...text }
}
