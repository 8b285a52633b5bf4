import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { faultMatcher } from './matcher.js'
import type { Fault, FaultPlan } from './fault.js'
import { gateRequest, mapRequest } from './request-gate.js'
import { mapResponse } from './response-body.js'
import { gateResponse, type Wire } from './response-gate.js'
import { interceptHead, type Head } from './response-head.js'

/** A listener that breaks exchanges according to the plan and passes all others to `service`. */
export function withFaults(plan: FaultPlan, service: RequestListener): RequestListener {
  const faultOf = faultMatcher(plan)
  return (incoming, outgoing) => {
    const fault = faultOf(incoming)
    if (fault === undefined) service(incoming, outgoing)
    else strike(fault, { incoming, outgoing, serve: () => service(incoming, outgoing) })
  }
}

interface Exchange {
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
  /** Passes the request to the service. */
  readonly serve: () => void
}

type Moment = { afterRequestBytes?: number | 'end' | undefined; afterResponseBytes?: number | 'none' | undefined }

function strike(fault: Fault, exchange: Exchange): void {
  const { incoming, outgoing, serve } = exchange
  switch (fault.type) {
    case 'reset':
      return at(fault, exchange, () => incoming.socket.resetAndDestroy())
    case 'close':
      return at(fault, exchange, () => incoming.socket.destroySoon())
    case 'raw':
      return at(fault, exchange, () => incoming.socket.end(fault.text))
    case 'stall':
      return at(fault, exchange, (resume) => {
        if (fault.ms !== undefined) later(fault.ms, outgoing, resume)
      })
    case 'delay': {
      const gate = gateRequest(incoming, 0, () => undefined)
      return later(fault.ms, outgoing, () => {
        serve()
        gate.release(Infinity)
      })
    }
    case 'status':
      return answerInstead(fault, exchange)
    case 'body':
      gateResponse(outgoing, 'none', (answer) => {
        const { head } = answer
        const kept = Object.entries(head?.headers ?? {}).filter(([name]) => !framing.has(name))
        const headers = { ...Object.fromEntries(kept), ...fault.headers }
        respond(answer.discard(), fault.status ?? head?.status ?? 200, headers, fault.body)
      })
      return serve()
    case 'trickle':
      trickle(fault, exchange)
      return serve()
    case 'truncate':
      interceptHead(outgoing, (head, send) => {
        const declared = head.headers['content-length']
        const cut = Math.min(Number(declared), fault.afterResponseBytes)
        send(declared === undefined ? head : { ...head, headers: { ...head.headers, 'content-length': String(cut) } })
      })
      gateResponse(outgoing, fault.afterResponseBytes, (answer) => {
        answer.discard().end()
      })
      return serve()
    case 'extend':
      interceptHead(outgoing, (head, send) => {
        const declared = head.headers['content-length']
        const length = String(Number(declared) + fault.bytes)
        send(declared === undefined ? head : { ...head, headers: { ...head.headers, 'content-length': length } })
      })
      mapResponse(outgoing, (chunk) => chunk, Buffer.alloc(fault.bytes))
      return serve()
    case 'corrupt':
      corrupt(fault, exchange)
      return serve()
    case 'headers':
      interceptHead(outgoing, (head, send) => {
        const changed = Object.entries(fault.headers).map(([name, value]) => [name.toLowerCase(), value] as const)
        const gone = new Set(changed.map(([name]) => name))
        const kept = Object.entries(head.headers).filter(([name]) => !gone.has(name))
        const set = changed.filter((entry): entry is readonly [string, string] => entry[1] !== null)
        send({ ...head, headers: Object.fromEntries([...kept, ...set]) })
      })
      return serve()
  }
}

const framing = new Set(['content-length', 'transfer-encoding', 'content-encoding'])

/** Calls `then` at the fault's moment; `resume` continues the exchange as if nothing had happened. */
function at(moment: Moment, exchange: Exchange, then: (resume: () => void) => void): void {
  const { incoming, outgoing, serve } = exchange
  if (moment.afterResponseBytes !== undefined) {
    const gate = gateResponse(outgoing, moment.afterResponseBytes, () => then(() => gate.release(Infinity)))
    serve()
  } else if (moment.afterRequestBytes !== undefined) {
    const allowance = moment.afterRequestBytes === 'end' ? Infinity : moment.afterRequestBytes
    const gate = gateRequest(incoming, allowance, () => then(() => gate.release(Infinity)))
    serve()
  } else {
    const gate = gateRequest(incoming, 0, () => undefined)
    then(() => {
      serve()
      gate.release(Infinity)
    })
  }
}

/** Responds instead of the service, which only sees the request if the fault strikes its response. */
function answerInstead(fault: Extract<Fault, { type: 'status' }>, { incoming, outgoing, serve }: Exchange): void {
  const headers = { ...fault.headers, ...(fault.unread === 'close' ? { connection: 'close' } : {}) }
  const answer = (wire: Wire) => respond(wire, fault.status, headers, fault.body ?? '')
  if (fault.afterResponseBytes !== undefined) {
    gateResponse(outgoing, 'none', (held) => answer(held.discard()))
    serve()
    return
  }
  const { afterRequestBytes = 0 } = fault
  const gate = gateRequest(incoming, afterRequestBytes === 'end' ? Infinity : afterRequestBytes, () => {
    answer(outgoing)
    if (fault.unread !== 'close') gate.release(Infinity)
  })
  incoming.resume()
}

function trickle(fault: Extract<Fault, { type: 'trickle' }>, { incoming, outgoing }: Exchange): void {
  const ticksPerSecond = 20
  const slice = Math.max(1, Math.floor(fault.bytesPerSecond / ticksPerSecond))
  const gate =
    fault.direction === 'request'
      ? gateRequest(incoming, slice, () => undefined)
      : gateResponse(outgoing, slice, () => undefined)
  const timer = setInterval(() => gate.release(slice), (1000 * slice) / fault.bytesPerSecond)
  outgoing.once('close', () => clearInterval(timer))
}

function corrupt(fault: Extract<Fault, { type: 'corrupt' }>, { incoming, outgoing }: Exchange): void {
  const { atRequestByte, atResponseByte } = fault
  if (atRequestByte !== undefined) mapRequest(incoming, (chunk, offset) => flip(chunk, atRequestByte - offset))
  if (atResponseByte !== undefined) mapResponse(outgoing, (chunk, offset) => flip(chunk, atResponseByte - offset))
}

function flip(chunk: Buffer, at: number): Buffer {
  if (at < 0 || at >= chunk.length) return chunk
  const flipped = Buffer.from(chunk)
  flipped[at] = (chunk[at] ?? 0) ^ 0xff
  return flipped
}

function respond(wire: Wire, status: number, headers: Head['headers'], body: string): void {
  wire.writeHead(status, { ...headers, 'content-length': String(Buffer.byteLength(body)) })
  wire.end(body)
}

function later(ms: number, outgoing: ServerResponse, then: () => void): void {
  const timer = setTimeout(then, ms)
  outgoing.once('close', () => clearTimeout(timer))
}
