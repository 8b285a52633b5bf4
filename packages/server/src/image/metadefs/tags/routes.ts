import { metadefAppendHeader, metadefTagSortKeys, type WireMetadefTag } from '@tyrax/protocol'
import { respond, respondJson } from '../../../http/respond.js'
import { jsonBody, refuseBody } from '../../http/json-body.js'
import type { Mount } from '../../http/resource.js'
import { wireTime } from '../../images/wire-time.js'
import { checkSchema, schemaMismatch } from '../../schemas/check-schema.js'
import { tagDocument, tagListDocument } from '../../schemas/metadef-documents.js'
import type { DefinitionRecord } from '../definitions/definition.js'
import { checkVisibilityFilter, readDirection, readLimit, readSortKey } from '../page-parameters.js'
import { queryOf } from '../../http/query.js'
import { nameInPath } from '../path-names.js'
import { refuseReadOnly, times } from '../read-only-fields.js'
import type { MetadefTagService, TagQuery } from './tag-service.js'

/** `/v2/metadefs/namespaces/{namespace}/tags` (glance/api/v2/metadef_tags.py). */
export function mountTags(mount: Mount, tags: MetadefTagService): void {
  mount('/metadefs/namespaces/:namespace/tags', {
    GET: (c) => {
      const query = readQuery(queryOf(c))
      const listed = tags.list(c.get('caller'), nameInPath(c, 'namespace'), query)
      return respondJson(c, { tags: listed.map(({ name }) => ({ name })) })
    },
    POST: async (c) => {
      const names = readNames(await jsonBody(c))
      const append = trueWords.has((c.req.header(metadefAppendHeader) ?? '').trim().toLowerCase())
      tags.createAll(c.get('caller'), nameInPath(c, 'namespace'), names, append)
      return respondJson(c, { tags: names.map((name) => ({ name })) }, 201)
    },
    DELETE: (c) => {
      tags.removeAll(c.get('caller'), nameInPath(c, 'namespace'))
      return respond(c, 204)
    },
  })
  mount('/metadefs/namespaces/:namespace/tags/:name', {
    GET: (c) => {
      refuseBody(c)
      return respondJson(c, toWireTag(tags.get(c.get('caller'), nameInPath(c, 'namespace'), nameInPath(c, 'name'))))
    },
    POST: (c) => {
      refuseBody(c)
      const created = tags.create(c.get('caller'), nameInPath(c, 'namespace'), nameInPath(c, 'name'))
      return respondJson(c, toWireTag(created), 201)
    },
    PUT: async (c) => {
      const body = await jsonBody(c)
      refuseReadOnly(body, times)
      checkSchema(tagDocument, body)
      const { name } = body as { readonly name: string }
      const names = [nameInPath(c, 'namespace'), nameInPath(c, 'name')] as const
      return respondJson(c, toWireTag(tags.rename(c.get('caller'), ...names, name)))
    },
    DELETE: (c) => {
      refuseBody(c)
      tags.remove(c.get('caller'), nameInPath(c, 'namespace'), nameInPath(c, 'name'))
      return respond(c, 204)
    },
  })
}

/** What means true in a header (oslo.utils `bool_from_string`). */
const trueWords: ReadonlySet<string> = new Set(['1', 't', 'true', 'on', 'y', 'yes'])

function readQuery(parameters: URLSearchParams): TagQuery {
  const direction = readDirection(parameters.get('sort_dir'))
  checkVisibilityFilter(parameters.get('visibility'))
  return {
    direction,
    limit: readLimit(parameters.get('limit') || null, 0),
    key: readSortKey(parameters.get('sort_key') ?? 'created_at', metadefTagSortKeys),
    marker: parameters.get('marker') ?? undefined,
  }
}

/** @throws forbidden, invalid; invalid, too, where Glance responds with 500 to a body without tags */
function readNames(body: unknown): string[] {
  refuseReadOnly(body, times)
  checkSchema(tagListDocument, body)
  const { tags } = body as { readonly tags?: readonly { readonly name: string }[] }
  if (tags === undefined) throw schemaMismatch('tags', "'tags' is a required property")
  return tags.map(({ name }) => name)
}

function toWireTag({ name, created_at, updated_at }: DefinitionRecord): WireMetadefTag {
  return { name, created_at: wireTime(created_at), ...(updated_at !== null && { updated_at: wireTime(updated_at) }) }
}
