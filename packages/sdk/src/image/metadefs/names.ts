import { shown } from '../../errors/shown.js'
import { UsageError } from '../../errors/tyrax-error.js'
import { path } from '../../http/path.js'

/** A namespace, or what is in it, as it is called in messages. */
export type MetadefKind = 'namespace' | 'property' | 'object' | 'tag' | 'resource type'

/**
 * Refuses a name that no path can contain, before anything is sent. Glance takes such names in bodies, but reads the
 * bytes of a path as Latin-1 (PEP 3333) and splits it at slashes, even encoded ones: what has such a name could never
 * be read, changed or deleted alone.
 * @throws UsageError
 */
export function checkName(kind: MetadefKind, name: unknown): asserts name is string {
  if (typeof name !== 'string' || name === '') throw new UsageError(`a ${kind} needs a name`)
  if (/^[\u0020-\u007e]+$/.test(name) && !name.includes('/') && name !== '.' && name !== '..') return
  throw new UsageError(`the image service cannot address a ${kind} called ${shown(name)}`, {
    hint:
      'use letters without accents, digits and signs other than "/"' +
      (kind === 'namespace' ? '' : '; one that is there already is in metadefs.namespaces.get'),
  })
}

/** The path of a namespace, or of something in it. @throws UsageError */
export function namespacePath(namespace: string, ...rest: readonly string[]): string {
  checkName('namespace', namespace)
  return rest.reduce((built, part) => built + path`/${part}`, path`/metadefs/namespaces/${namespace}`)
}
