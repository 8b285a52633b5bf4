import { sayWhatIsLeft, wasCutShort } from '../errors/cut-short.js'
import { IntegrityError } from '../errors/transfer-errors.js'
import { hashedSource } from '../hashing/hashed-source.js'
import { sendable } from '../sources/sendable.js'
import type { ObjectContext } from './context.js'
import { etagOf, toHeaderText } from './headers.js'
import type { PutOutcome, PutRequest } from './large/put-request.js'
import { ownSegments, removeReplaced } from './large/replaced-segments.js'
import { dateOf } from './object-info.js'
import { keyOf, type ObjectAddress, objectPath } from './address.js'

/**
 * PUT of an object that has its own bytes, streamed, its MD5 compared with the ETag. Swift shows an object only when it
 * is complete, so the request may be repeated when the source can be read again. The segments of a large object that it
 * replaces are removed.
 */
export async function putPlain(
  context: ObjectContext,
  { at, source: given, contentType, headers, meter, signal }: PutRequest,
): Promise<PutOutcome> {
  const { client, platform } = context
  const source = await sendable(given, client.wholeBodies, signal)
  const replaced = await ownSegments(context, at, signal)
  const sent = hashedSource(source, platform, ['md5'], (bytes) => {
    if (bytes === 0) meter.restart()
    else meter.add(bytes)
  })
  const store = async (): Promise<PutOutcome> => {
    const response = await client.request({
      method: 'PUT',
      path: objectPath(at),
      body: sent,
      contentType: toHeaderText('contentType', contentType),
      headers,
      retry: { methods: ['PUT'] },
      signal,
    })
    await response.discard()
    meter.end()
    const etag = etagOf(response.headers)
    const { md5 } = await sent.digest()
    if (md5 !== undefined && etag !== '' && md5 !== etag) {
      await discard(context, at)
      await removeReplaced(context, at, replaced)
      throw new IntegrityError(`${keyOf(at)} is not what was sent: its MD5 is ${etag}, and should be ${md5}`, {
        what: 'md5',
        expected: md5,
        actual: etag,
      })
    }
    return {
      etag,
      bytes: sent.bytes,
      lastModified: dateOf(response.headers.get('last-modified')),
      segmentCount: 0,
      resumedSegments: 0,
      resumedBytes: 0,
      leftSegments: await removeReplaced(context, at, replaced),
    }
  }
  try {
    return await store()
  } catch (error) {
    if (wasCutShort(error)) {
      // What had arrived in full may be stored, although no response confirms it.
      const now = sent.bytes === source.size ? 'all of it, or what it was' : 'what it was'
      sayWhatIsLeft(error, `nothing is stored partially: ${keyOf(at)} is ${now}; put it again`)
    }
    throw error
  } finally {
    sent.dispose()
  }
}

async function discard({ client }: ObjectContext, at: ObjectAddress): Promise<void> {
  const response = await client.request({ method: 'DELETE', path: objectPath(at), accept: [404] })
  await response.discard()
}
