import { createHash } from 'node:crypto'
import { readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { runCommand } from './command.js'
import { LaunchError } from './launch-error.js'
import { withLock } from './lock-file.js'
import { supportFile } from './support-files.js'

/** A virtual environment that contains the real services and their clients. */
export interface PythonEnvironment {
  readonly folder: string
  /** Identifies what it was made from: changes with the requirements and with Python. */
  readonly fingerprint: string
  /** Path of a program in it. */
  bin(name: string): string
}

/** The oldest Python 3 minor version that Keystone and Glance support. */
const oldestMinor = 11

/** Finds the environment for the requirements of this checkout, and whether it is completely installed. */
export async function findEnvironment(
  cache: string,
): Promise<{ environment: PythonEnvironment; python: string; whole: boolean }> {
  const { python, version } = await findPython()
  const requirements = await Promise.all(
    ['requirements.txt', 'constraints.txt'].map((name) => readFile(supportFile(name))),
  )
  const hash = createHash('sha256').update(`${python} ${version}\n`)
  for (const content of requirements) hash.update(content)
  const fingerprint = hash.digest('hex').slice(0, 16)
  const folder = path.join(cache, 'openstack', `venv-${fingerprint}`)
  const environment = { folder, fingerprint, bin: (name: string) => path.join(folder, 'bin', name) }
  // This file is written last: an interrupted installation does not have it.
  const mark = await readFile(path.join(folder, 'whole'), 'utf8').catch(() => '')
  return { environment, python, whole: mark === fingerprint }
}

/**
 * Finds or creates the environment. Several processes may call this at once; one of them creates it.
 * @throws LaunchError when there is no Python to create it with or a package cannot be installed.
 */
export async function makeEnvironment(cache: string, say: (line: string) => void): Promise<PythonEnvironment> {
  const found = await findEnvironment(cache)
  if (found.whole) return found.environment
  return await withLock(`${found.environment.folder}.lock`, 900, async () => {
    const { environment, python, whole } = await findEnvironment(cache)
    if (whole) return environment
    say('installing Keystone, Glance, Swift and their clients from PyPI (about a minute, once)')
    await rm(environment.folder, { recursive: true, force: true })
    await runCommand(python, ['-m', 'venv', environment.folder])
    const args = ['install', '--quiet', '--no-input', '--disable-pip-version-check']
    args.push('--constraint', supportFile('constraints.txt'), '--requirement', supportFile('requirements.txt'))
    await runCommand(environment.bin('pip'), args, { timeoutSeconds: 800 })
    await writeFile(path.join(environment.folder, 'whole'), environment.fingerprint)
    return environment
  })
}

async function findPython(): Promise<{ python: string; version: string }> {
  const probe = 'import ensurepip, sys, venv; print(sys.version_info[1], sys.version.split()[0], sys.executable)'
  for (const candidate of ['python3', 'python3.11', 'python3.12', 'python3.13', '/usr/bin/python3']) {
    const answer = await runCommand(candidate, ['-c', probe]).catch(() => '')
    const [minor, version, python] = answer.trim().split(' ')
    if (python && version && Number(minor) >= oldestMinor) return { python, version }
  }
  throw new LaunchError(
    `The real services need Python 3.${oldestMinor} or newer with venv, and none was found. Install it: apt-get install python3 python3-venv`,
  )
}
