import { respond } from '../../http/respond.js'
import type { BlobStore } from '../../blobs/blob-store.js'
import { SwiftFault } from '../errors.js'
import type { ObjectAddress } from '../http/target.js'
import { empty, isTrue, type SwiftContext } from '../http/response.js'
import type { Publish } from '../objects/object-service.js'
import type { ObjectRecord, ObjectStoreRepository } from '../objects/object-repository.js'
import { lastModified } from '../timestamps.js'
import type { Contents } from './large-contents.js'
import { report, reportFormat } from './report.js'
import { checkManifest, statusLine } from './check-manifest.js'

/** What becomes of a manifest beside its segments. */
export interface ManifestAttributes extends Pick<ObjectRecord, 'contentType' | 'metadata'> {
  /** Of the answer to a good one. */
  readonly headers?: Readonly<Record<string, string>> | undefined
}

export type StoreManifest = (
  c: SwiftContext,
  at: ObjectAddress,
  body: Buffer,
  attributes: ManifestAttributes,
) => Promise<Response>

/**
 * Checks a manifest and makes it a static large object. With `heartbeat`, the outcome is in the body, and the status is
 * 202 whatever it is.
 */
export function manifestStore(parts: {
  readonly repository: ObjectStoreRepository
  readonly blobs: BlobStore
  readonly contentOf: Contents['contentOf']
  readonly publish: Publish
}): StoreManifest {
  const { repository, blobs, contentOf, publish } = parts
  return async (c, at, body, { contentType, metadata, headers = {} }) => {
    const format = reportFormat(c)
    const beats = isTrue(c.req.query('heartbeat'))
    const answer = (status: number, text: string) => respond(c, status, { 'content-type': format }, text)
    const inBody = (facts: Readonly<Record<string, string>>, problems: Parameters<typeof report>[2]) =>
      answer(202, ` \r\n\r\n${report(format, facts, problems, 'upload')}`)
    const manifest = await checkManifest(body, at, { repository, contentOf })
    if ('problems' in manifest) {
      if (!beats) return answer(400, report(format, {}, manifest.problems, 'upload'))
      const facts = { 'Response Status': statusLine(400), 'Response Body': new SwiftFault(400).message }
      return inBody(facts, manifest.problems)
    }
    const { json, etag, size } = manifest
    const expected = c.req.header('etag')?.replaceAll('"', '')
    if (expected && expected !== etag) {
      const fault = new SwiftFault(422)
      if (!beats) throw fault
      return inBody({ 'Response Status': statusLine(fault.status), 'Response Body': fault.message }, [])
    }
    const record = await publish(at, await blobs.write(one(json)), { contentType, metadata, large: { etag, size } })
    const made = { Etag: `"${etag}"`, 'Last-Modified': lastModified(record.modifiedMs) }
    if (!beats) return empty(c, 201, { ...headers, ...made })
    const facts = {
      'Response Status': statusLine(201),
      'Response Body': '',
      Etag: made.Etag,
      'Last Modified': made['Last-Modified'],
    }
    return inBody(facts, [])
  }
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
