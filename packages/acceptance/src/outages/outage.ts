import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import type { OpenStack } from '@tyrax/testkit'

/** How Glance is ended: gracefully (SIGTERM), or whatever it is doing (SIGKILL to its process group). */
export type Signal = 'SIGTERM' | 'SIGKILL'

export interface Outage {
  /** To be passed to the transfer. */
  readonly onProgress: (progress: { readonly phase: string; readonly bytes: number }) => void
  /** Resolves when Glance responds again, to what happened. */
  over(): Promise<{ readonly atBytes: number; readonly downSeconds: number }>
}

/** Ends Glance once, as soon as a transfer has moved that number of bytes, and starts it again. */
export function glanceOutage(openstack: OpenStack, signal: Signal, bytes: number): Outage {
  let outage: ReturnType<Outage['over']> | undefined
  const strike = async (atBytes: number) => {
    const began = performance.now()
    await (signal === 'SIGKILL' ? openstack.killGlance() : openstack.stopGlance())
    // Every worker has the listening socket: any worker that was left would respond.
    await expect(fetch(openstack.imageUrl)).rejects.toThrow('fetch failed')
    await sleep(500)
    await openstack.startGlance()
    return { atBytes, downSeconds: (performance.now() - began) / 1000 }
  }
  return {
    onProgress(progress) {
      if (outage || progress.phase === 'inspect' || progress.bytes < bytes) return
      outage = strike(progress.bytes)
      // `over` reports the error to its caller.
      outage.catch(() => undefined)
    },
    over() {
      if (outage) return outage
      throw new Error(`the transfer ended before it had moved ${bytes} bytes`)
    },
  }
}
