import type { IncomingMessage } from 'node:http'
import { HttpRefusal } from './http-refusal.js'

/** Why a body was not read to its end. */
type BodyFault = 'over-limit' | 'cut-short' | 'no-room'

const words: Readonly<Record<BodyFault, (limitBytes: number) => string>> = {
  'over-limit': (limitBytes) => `Request is too large. Larger than ${limitBytes}.`,
  'cut-short': () => 'The request ended before its body did.',
  'no-room': () => 'Too much is being sent at once. Please try again later.',
}

/** A body was refused while it was read. */
export class BodyRefused extends HttpRefusal {
  override readonly name = 'BodyRefused'
  /** The most bytes that the route accepts. */
  readonly limitBytes: number

  constructor(kind: BodyFault, limitBytes: number, message = words[kind](limitBytes)) {
    super(kind, message, kind === 'no-room' ? { 'retry-after': '1' } : {})
    this.limitBytes = limitBytes
  }
}

/**
 * The bytes that all bodies being read may hold together. Above it the body that holds the most is refused, so that
 * many slow or large bodies neither use up the memory nor crowd out small ones.
 */
const mostHeldBytes = 64 * 1024 ** 2

interface Reading {
  heldBytes: number
  refuse(fault: BodyFault): void
}

const readings = new Set<Reading>()
let heldBytes = 0

/**
 * Reads a whole request body into memory, for services that take JSON. Reading stops at the first byte above the limit;
 * the HTTP server then drops what the client still sends, so that the refusal reaches it.
 * @throws BodyRefused
 */
export async function readBody(incoming: IncomingMessage, limitBytes: number): Promise<Buffer> {
  if (Number(incoming.headers['content-length'] ?? 0) > limitBytes) throw new BodyRefused('over-limit', limitBytes)
  const chunks: Buffer[] = []
  return new Promise<Buffer>((resolve, reject) => {
    const reading: Reading = {
      heldBytes: 0,
      refuse: (fault) => finish(() => reject(new BodyRefused(fault, limitBytes))),
    }
    const finish = (settle: () => void) => {
      if (!readings.delete(reading)) return
      heldBytes -= reading.heldBytes
      incoming.off('data', onData).off('end', onEnd).off('close', onClose).off('error', onClose)
      incoming.pause()
      settle()
      chunks.length = 0
    }
    const onData = (chunk: Buffer) => {
      reading.heldBytes += chunk.byteLength
      heldBytes += chunk.byteLength
      if (reading.heldBytes > limitBytes) return reading.refuse('over-limit')
      chunks.push(chunk)
      if (heldBytes > mostHeldBytes) largest().refuse('no-room')
    }
    const onEnd = () => finish(() => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)))
    const onClose = () => reading.refuse('cut-short')
    readings.add(reading)
    if (incoming.readableEnded) return onEnd()
    if (incoming.destroyed) return onClose()
    incoming.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose)
  })
}

function largest(): Reading {
  return [...readings].reduce((most, each) => (each.heldBytes > most.heldBytes ? each : most))
}
