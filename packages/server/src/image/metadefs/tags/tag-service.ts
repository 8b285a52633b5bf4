import type { Caller } from '../../../context.js'
import { checkSchema } from '../../schemas/check-schema.js'
import { tagDocument } from '../../schemas/metadef-documents.js'
import { requireAdmin } from '../access.js'
import type { DefinitionPage, DefinitionRecord } from '../definitions/definition.js'
import { createDefinitionRules } from '../definitions/definition-rules.js'
import { duplicateTag } from '../duplicates.js'
import { refuseFourByteTexts } from '../four-byte-texts.js'
import type { MetadefParts } from '../metadef-parts.js'
import type { NamespaceRecord } from '../namespaces/namespace-repository.js'

/** A request for a page of tags. */
export interface TagQuery extends Omit<DefinitionPage, 'after'> {
  /** The name of the last tag of the page before. */
  readonly marker: string | undefined
}

/** The tags of namespaces (glance/api/v2/metadef_tags.py). */
export interface MetadefTagService {
  list(caller: Caller, namespace: string, query: TagQuery): DefinitionRecord[]
  get(caller: Caller, namespace: string, name: string): DefinitionRecord
  create(caller: Caller, namespace: string, name: string): DefinitionRecord
  /**
   * Replaces all tags, or adds to them. No tags at all changes nothing, as in Glance.
   * @throws conflict when two have the same name; then none is stored
   */
  createAll(caller: Caller, namespace: string, names: readonly string[], append: boolean): void
  /** Returns it with the time of the change before, as Glance does. */
  rename(caller: Caller, namespace: string, name: string, newName: string): DefinitionRecord
  remove(caller: Caller, namespace: string, name: string): void
  removeAll(caller: Caller, namespace: string): void
}

export function createMetadefTagService({ store, clock }: MetadefParts): MetadefTagService {
  const { definitions } = store
  const rules = createDefinitionRules(store, {
    kind: 'tag',
    missing: 'Could not find metadata tag',
    removeAction: 'delete_metadef_tag',
  })
  const { inNamespace } = rules
  const insert = (found: NamespaceRecord, name: string): DefinitionRecord => {
    rules.requireUnused(found, name, () => duplicateTag(found.namespace, name))
    const { id } = found
    const at = clock()
    const tag = { name, content: noContent, created_at: at, updated_at: at }
    definitions.insert(id, 'tag', tag)
    return { id, ...tag }
  }
  return {
    list(caller, namespace, { marker, ...page }) {
      const found = inNamespace(caller, namespace)
      return definitions.page(found.id, 'tag', { ...page, after: marker ? rules.find(found, marker) : undefined })
    },
    get: (caller, namespace, name) => rules.find(inNamespace(caller, namespace), name),
    create(caller, namespace, name) {
      const found = inNamespace(caller, namespace)
      checkSchema(tagDocument, { name })
      requireAdmin(caller, 'add_metadef_tag')
      refuseFourByteTexts('create metadata tag', { name })
      return insert(found, name)
    },
    createAll(caller, namespace, names, append) {
      const found = inNamespace(caller, namespace)
      requireAdmin(caller, 'add_metadef_tags')
      if (names.length === 0) return
      store.atomically(() => {
        if (!append) definitions.removeAll(found.id, 'tag')
        for (const name of names) insert(found, name)
      })
    },
    rename(caller, namespace, name, newName) {
      const found = inNamespace(caller, namespace)
      requireAdmin(caller, 'modify_metadef_tag')
      const before = rules.find(found, name)
      refuseFourByteTexts('update metadata tag', { name: newName })
      rules.requireUnused(found, newName, () => duplicateTag(namespace, newName), before)
      const after = { ...before, name: newName }
      definitions.update(before.id, { ...after, updated_at: clock() })
      return after
    },
    remove: (caller, namespace, name) => rules.remove(caller, inNamespace(caller, namespace), name),
    removeAll: rules.removeAll,
  }
}

/** A tag has a name alone. */
const noContent = '{}'
