import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { CloudConfigInput } from '../index.js'

/** A cloud in a separate process, which can be killed. It runs the built package. */
export interface CloudProcess {
  readonly authUrl: string
  readonly imageUrl: string
  readonly folder: string
  kill(): Promise<void>
}

interface RunOptions {
  /** Larger files are refused by the system in the same way as a full disk refuses them. @default none */
  readonly largestFileBytes?: number | undefined
}

/** @throws an Error with the process's output if it ends instead of starting */
export async function runCloud(
  data: string | undefined,
  config: CloudConfigInput = {},
  { largestFileBytes }: RunOptions = {},
): Promise<CloudProcess> {
  const script = `
    const { startCloud } = await import(${JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)})
    const cloud = await startCloud({ port: 0, data: ${JSON.stringify(data)}, config: ${JSON.stringify(config)} })
    process.stdout.write(JSON.stringify(cloud))
  `
  const node = [process.execPath, '--input-type=module', '-e', script]
  const limit = largestFileBytes === undefined ? '' : `trap '' XFSZ; ulimit -f ${largestFileBytes / 512}; `
  const child = spawn('sh', ['-c', `${limit}exec "$@"`, 'sh', ...node], { stdio: ['ignore', 'pipe', 'pipe'] })
  let problem = ''
  child.stderr.on('data', (chunk: Buffer) => (problem += chunk.toString()))
  const exited = once(child, 'exit')
  const [first] = (await Promise.race([once(child.stdout, 'data'), exited])) as [Buffer | number | null]
  if (!Buffer.isBuffer(first)) throw new Error(problem)
  return {
    ...(JSON.parse(first.toString()) as { authUrl: string; imageUrl: string; folder: string }),
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
  }
}
