import { glance } from './glance.js'
import { glanceMetadef } from './glance-metadef.js'
import { known, type KnownHabit } from './habit.js'
import { openstackImage } from './openstack-image.js'
import { openstackMetadef } from './openstack-metadef.js'
import { openstackObject } from './openstack-object.js'
import { openstackOther } from './openstack-other.js'
import { swift } from './swift.js'

/** Every command of the other clients that tyrax knows, in the order of the page that lists them. */
export const habits: readonly KnownHabit[] = [
  ...known('openstack', openstackImage),
  ...known('openstack', openstackMetadef),
  ...known('openstack', openstackObject),
  ...known('openstack', openstackOther),
  ...known('glance', glance),
  ...known('glance', glanceMetadef),
  ...known('swift', swift),
]
