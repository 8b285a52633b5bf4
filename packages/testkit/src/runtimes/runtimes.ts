import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { cacheFolder } from '../openstack/cache-folder.js'
import { runCommand } from '../openstack/command.js'
import { withLock } from '../openstack/lock-file.js'

/** The versions that the runtime suites use; docs/runtimes.md names the same. */
const packages = { bun: '1.4.5', deno: '2.9.6' }

export type RuntimeName = 'node' | keyof typeof packages

/** A program that runs JavaScript. */
export interface Runtime {
  readonly name: RuntimeName
  readonly command: string
  /** The arguments before the script's name. */
  readonly args: readonly string[]
}

/** Finds the three runtimes; Bun and Deno are installed from npm once, and stay in the cache. */
export async function findRuntimes(): Promise<Readonly<Record<RuntimeName, Runtime>>> {
  const wanted = Object.entries(packages).map(([name, version]) => `${name}@${version}`)
  const folder = path.join(cacheFolder(), 'runtimes', wanted.join('+'))
  const isWhole = async () => (await readFile(path.join(folder, 'whole'), 'utf8').catch(() => '')) === 'yes'
  if (!(await isWhole())) {
    await mkdir(path.dirname(folder), { recursive: true })
    await withLock(`${folder}.lock`, 600, async () => {
      if (await isWhole()) return
      await rm(folder, { recursive: true, force: true })
      await mkdir(folder, { recursive: true })
      const args = ['install', '--no-save', '--no-fund', '--no-audit', '--loglevel=error', '--prefix', folder]
      await runCommand('npm', [...args, ...wanted], { timeoutSeconds: 500 })
      await writeFile(path.join(folder, 'whole'), 'yes')
    })
  }
  const bin = (name: string) => path.join(folder, 'node_modules', '.bin', name)
  return {
    node: { name: 'node', command: process.execPath, args: [] },
    bun: { name: 'bun', command: bin('bun'), args: [] },
    deno: { name: 'deno', command: bin('deno'), args: ['run', '--quiet', '-A'] },
  }
}

export interface Ran {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunningScript {
  /** Waits until it exits by itself. */
  readonly ended: Promise<Ran>
  kill(signal: NodeJS.Signals): void
  /** Resolves when stderr matches the pattern; rejects when it exits before. */
  said(pattern: RegExp): Promise<void>
}

/** Starts a script. It sees only `env`. */
export function startScript(
  { command, args }: Runtime,
  script: readonly string[],
  { env, cwd }: { readonly env: Readonly<Record<string, string>>; readonly cwd: string },
): RunningScript {
  const child = spawn(command, [...args, ...script], {
    cwd,
    env: { PATH: process.env['PATH'], HOME: cwd, DENO_NO_UPDATE_CHECK: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = Promise.all([text(child.stdout), text(child.stderr)])
  const end = once(child, 'close') as Promise<[number | null]>
  const run = async (): Promise<Ran> => {
    const [[exitCode], [stdout, stderr]] = await Promise.all([end, output])
    return { exitCode, stdout, stderr }
  }
  return {
    ended: run(),
    kill: (signal) => void child.kill(signal),
    said: (pattern) =>
      new Promise((resolve, reject) => {
        let heard = ''
        child.stderr.on('data', (chunk: Buffer) => {
          heard += chunk.toString()
          if (pattern.test(heard)) resolve()
        })
        child.once('close', () => reject(new Error(`ended without having written ${String(pattern)}, but ${heard}`)))
      }),
  }
}
