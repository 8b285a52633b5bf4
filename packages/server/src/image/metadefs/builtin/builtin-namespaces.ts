import type { BuiltinNamespace } from './builtin-namespace.js'
import { cimNamespaces } from './cim.js'
import { computeFlavorsNamespaces } from './compute-flavors.js'
import { computeHardwareNamespaces } from './compute-hardware.js'
import { computeHostsNamespaces } from './compute-hosts.js'
import { computeImagesNamespaces } from './compute-images.js'
import { imagesNamespaces } from './images.js'
import { softwareNamespaces } from './software.js'
import { vmwareNamespaces } from './vmware.js'

/** The namespaces that come with Glance 33 (glance/etc/metadefs): their data, with descriptions of our own. */
export const builtinNamespaces: readonly BuiltinNamespace[] = [
  ...softwareNamespaces,
  ...imagesNamespaces,
  ...computeImagesNamespaces,
  ...computeHardwareNamespaces,
  ...vmwareNamespaces,
  ...computeFlavorsNamespaces,
  ...computeHostsNamespaces,
  ...cimNamespaces,
]
