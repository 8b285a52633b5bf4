import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type FaultPlan, startCloud } from '@tyrax/server'
import { startFaultServer } from '@tyrax/testkit'
import { bin } from './bundle.js'
import type { RunOptions } from './command-line.js'
import { homeEnv, makeHome } from './home.js'
import { run } from './in-process.js'

/**
 * Records the process's peak memory, in KiB, when it ends. On Linux, maxRSS is at least that of the process that it was
 * forked from; elsewhere there is no other figure.
 */
const measure = `
const { readFileSync, writeFileSync } = require('fs')
process.on('exit', () => {
  const { maxRSS } = process.resourceUsage()
  const status = process.platform === 'linux' ? readFileSync('/proc/self/status', 'utf8') : ''
  writeFileSync(process.env.PEAK_FILE, /^VmHWM:\\s+(\\d+) kB$/m.exec(status)?.[1] ?? String(maxRSS))
})
`

/**
 * A cloud with a container, and command lines against it, in this process or in one of their own. Faults affect
 * requests to its object storage, which are recorded.
 */
export async function objectStorage(faults?: FaultPlan) {
  const cloud = await startCloud({ port: 0 })
  const home = await makeHome()
  const front = faults && (await startFaultServer({ upstream: `${cloud.url}/object-store`, plan: faults }))
  const env = {
    OS_CLIENT_CONFIG_FILE: path.join(home, 'clouds.yaml'),
    OS_CLOUD: 'demo',
    ...(front && { OS_OBJECT_STORE_ENDPOINT_OVERRIDE: `${front.url}/v1/AUTH_%(project_id)s` }),
  }
  await writeFile(path.join(home, 'clouds.yaml'), cloud.cloudsYaml, { mode: 0o600 })
  const tyrax = (argv: readonly string[], options: RunOptions = {}) => run(home, argv, { env, ...options })
  const json = async (...argv: string[]) => JSON.parse((await tyrax([...argv, '-f', 'json'])).stdout) as unknown
  await tyrax(['object', 'container', 'create', 'imgs'])
  return {
    home,
    tyrax,
    json,
    requests: front?.requests ?? [],
    segments: async () => {
      const listed = await tyrax(['object', 'list', 'imgs_segments', '-f', 'json'])
      return listed.exitCode === 3 ? [] : (JSON.parse(listed.stdout) as { name: string }[]).map(({ name }) => name)
    },
    elsewhere(...argv: string[]) {
      const peakFile = path.join(home, 'peak')
      const hook = path.join(home, 'measure.cjs')
      const begun = writeFile(hook, measure).then(() => {
        const child = spawn(process.execPath, ['--require', hook, bin, ...argv], {
          cwd: home,
          env: { PATH: process.env['PATH'], ...homeEnv(home), ...env, PEAK_FILE: peakFile },
          stdio: ['pipe', 'pipe', 'pipe'],
        })
        const text = { stdout: '', stderr: '' }
        child.stdout.on('data', (chunk: Buffer) => (text.stdout += chunk.toString()))
        child.stderr.on('data', (chunk: Buffer) => (text.stderr += chunk.toString()))
        const ended = once(child, 'close').then(() => ({ code: child.exitCode, signal: child.signalCode, ...text }))
        return { child, ended }
      })
      return { begun, peakMiB: async () => Number(await readFile(peakFile, 'utf8')) / 1024 }
    },
    async [Symbol.asyncDispose]() {
      await front?.close()
      await cloud.close()
    },
  }
}
