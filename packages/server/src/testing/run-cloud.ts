import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** A cloud in a separate process, which can be killed. It runs the built package. */
export interface CloudProcess {
  readonly authUrl: string
  readonly imageUrl: string
  readonly folder: string
  kill(): Promise<void>
}

/** @throws an Error with the process's output if it ends instead of starting */
export async function runCloud(data: string | undefined): Promise<CloudProcess> {
  const script = `
    const { startCloud } = await import(${JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)})
    const cloud = await startCloud({ port: 0, data: ${JSON.stringify(data)} })
    process.stdout.write(JSON.stringify(cloud))
  `
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'pipe'] })
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
