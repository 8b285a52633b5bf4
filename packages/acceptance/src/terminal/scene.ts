import { mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { connect, type Cloud } from '@tyrax/sdk'
import { type FaultPlan, startCloud } from '@tyrax/server'
import { type FaultServer, startFaultServer } from '@tyrax/testkit'
import { putOnPath } from '../command/tyrax.js'
import { openTerminal, type OpenedTerminal, type TerminalOptions } from './terminal.js'

/** A cloud, a folder with the file `u.raw` of 30 MB, and terminals in which commands use it. */
export interface Scene {
  readonly cloud: Cloud
  readonly folder: string
  /** The environment of a command whose requests the plan breaks. */
  behind(plan: { readonly image?: FaultPlan; readonly identity?: FaultPlan }): Promise<Broken>
  close(): Promise<void>
}

export interface Broken extends AsyncDisposable {
  readonly image: FaultServer
  readonly identity: FaultServer
  readonly env: Readonly<Record<string, string>>
  /** A shell script in a terminal; `tyrax` in it is the command line. */
  shell(script: string, options?: Partial<TerminalOptions>): OpenedTerminal
}

export const bytes = 30_720_000

export async function scene(): Promise<Scene> {
  const embedded = await startCloud({ port: 0 })
  const folder = await mkdtemp(path.join(tmpdir(), 'tyrax-terminal-'))
  const authUrl = embedded.authUrl.replace(/\/v3\/?$/, '')
  const cloud = await connect({ auth: { authUrl, username: 'demo', password: 'secret', projectName: 'demo' } })
  await using file = await open(path.join(folder, 'u.raw'), 'w')
  await file.truncate(bytes)
  // The mark of ext4: without one, there would be a warning.
  await file.write(Buffer.from([0x53, 0xef]), 0, 2, 1080)
  const PATH = await putOnPath(folder)
  return {
    cloud,
    folder,
    async behind(plan) {
      const image = await startFaultServer({ upstream: embedded.imageUrl, plan: plan.image })
      const identity = await startFaultServer({ upstream: authUrl, plan: plan.identity })
      const env = {
        PATH,
        HOME: folder,
        TERM: 'xterm-256color',
        LANG: 'C.UTF-8',
        OS_AUTH_URL: identity.url,
        OS_USERNAME: 'demo',
        OS_PASSWORD: 'secret',
        OS_PROJECT_NAME: 'demo',
        OS_IMAGE_ENDPOINT_OVERRIDE: `${image.url}/v2`,
      }
      return {
        image,
        identity,
        env,
        shell: (script, options = {}) =>
          openTerminal('/bin/sh', ['-c', script], { cwd: folder, ...options, env: { ...env, ...options.env } }),
        async [Symbol.asyncDispose]() {
          await image.close()
          await identity.close()
        },
      }
    },
    async close() {
      await cloud.close()
      await embedded.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export const contentOf = (file: string): Promise<string> => readFile(file, 'utf8').catch(() => '')
