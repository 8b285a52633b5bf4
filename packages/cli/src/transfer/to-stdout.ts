import { pipeline } from 'node:stream/promises'
import { UsageError } from '@tyrax/sdk'
import type { Context } from '../command/context.js'

/** Binary data on a terminal is useless and can leave it unusable. @throws UsageError */
export function refuseTerminal({ surroundings }: Context): void {
  if (surroundings.stdout.isTTY) {
    throw new UsageError('Standard output is a terminal: image data would garble it', {
      hint: 'use --output FILE, or pipe it',
    })
  }
}

/** Copies to stdout as fast as its reader reads; stdout itself stays open. */
export async function writeBytes({ surroundings, signal }: Context, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  const { stdout } = surroundings
  try {
    await pipeline(bytes, stdout.bytes(), { end: false, signal })
  } catch (error) {
    await stdout.flush()
    throw error
  }
}
