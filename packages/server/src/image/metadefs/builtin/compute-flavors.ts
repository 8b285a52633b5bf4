import { boolean, integer, type BuiltinNamespace } from './builtin-namespace.js'

/** Namespaces for flavors of Nova (glance/etc/metadefs). */
export const computeFlavorsNamespaces: readonly BuiltinNamespace[] = [
  {
    namespace: 'OS::Compute::Quota',
    display_name: 'Flavor Quota',
    description: 'Limits on processor, disk and network use for servers of a flavor.',
    resource_type_associations: [{ name: 'OS::Nova::Flavor' }],
    objects: [
      {
        name: 'CPU Limits',
        properties: {
          'quota:cpu_shares': integer('Quota: CPU Shares'),
          'quota:cpu_period': integer('Quota: CPU Period', { minimum: 1000, maximum: 1000000 }),
          'quota:cpu_quota': integer('Quota: CPU Quota'),
        },
      },
      {
        name: 'Disk QoS',
        properties: {
          'quota:disk_read_bytes_sec': integer('Quota: Disk read bytes / sec'),
          'quota:disk_read_iops_sec': integer('Quota: Disk read IOPS / sec'),
          'quota:disk_write_bytes_sec': integer('Quota: Disk Write Bytes / sec'),
          'quota:disk_write_iops_sec': integer('Quota: Disk Write IOPS / sec'),
          'quota:disk_total_bytes_sec': integer('Quota: Disk Total Bytes / sec'),
          'quota:disk_total_iops_sec': integer('Quota: Disk Total IOPS / sec'),
        },
      },
      {
        name: 'Virtual Interface QoS',
        properties: {
          'quota:vif_inbound_average': integer('Quota: VIF Inbound Average'),
          'quota:vif_inbound_burst': integer('Quota: VIF Inbound Burst'),
          'quota:vif_inbound_peak': integer('Quota: VIF Inbound Peak'),
          'quota:vif_outbound_average': integer('Quota: VIF Outbound Average'),
          'quota:vif_outbound_burst': integer('Quota: VIF Outbound Burst'),
          'quota:vif_outbound_peak': integer('Quota: VIF Outbound Peak'),
        },
      },
    ],
  },
  {
    namespace: 'OS::Compute::RandomNumberGenerator',
    display_name: 'Random Number Generator',
    description: 'Whether servers of a flavor get a random number generator, and how fast it may be.',
    resource_type_associations: [{ name: 'OS::Nova::Flavor' }],
    properties: {
      'hw_rng:allowed': boolean('Random Number Generator Allowed'),
      'hw_rng:rate_bytes': integer('Random number generator limits.'),
      'hw_rng:rate_period': integer('Random number generator read period.'),
    },
  },
]
