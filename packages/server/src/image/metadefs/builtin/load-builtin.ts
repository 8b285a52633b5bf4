import type { Clock } from '../../images/clock.js'
import type { MetadefStore } from '../metadef-store.js'
import { insertContent } from '../namespaces/namespace-content.js'

/**
 * Inserts the namespaces that come with the service, once in the life of a database: those that an admin deletes stay
 * away. They belong to `admin`, which is a name and no project, as `glance-manage db_load_metadefs` makes them. Their
 * data is read from its files only now, since most clouds are used without it. One that exists already is left alone.
 */
export async function loadBuiltin(store: MetadefStore, clock: Clock): Promise<void> {
  const { namespaces } = store
  if (namespaces.areBuiltinLoaded()) return
  const { builtinNamespaces } = await import('./builtin-namespaces.js')
  const times = () => ({ created_at: clock(), updated_at: null })
  store.atomically(() => {
    for (const builtin of builtinNamespaces) {
      const { namespace, display_name = null, description = null } = builtin
      if (namespaces.find(namespace) !== undefined) continue
      const id = namespaces.insert({
        namespace,
        display_name,
        description,
        visibility: builtin.visibility === null ? null : 'public',
        protected: builtin.protected ?? true,
        owner: 'admin',
        ...times(),
      })
      insertContent(store, { id, namespace }, builtin, times)
    }
    namespaces.markBuiltinLoaded()
  })
}
