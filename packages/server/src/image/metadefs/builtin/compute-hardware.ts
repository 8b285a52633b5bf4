import { integer, text, type BuiltinNamespace } from './builtin-namespace.js'

/** Namespaces for the virtual hardware of servers, on images and flavors alike (glance/etc/metadefs). */
export const computeHardwareNamespaces: readonly BuiltinNamespace[] = [
  {
    namespace: 'OS::Compute::CPUPinning',
    display_name: 'CPU Pinning',
    description: 'Whether the virtual processors of a server are tied to physical ones.',
    resource_type_associations: [
      { name: 'OS::Glance::Image', prefix: 'hw_' },
      { name: 'OS::Cinder::Volume', prefix: 'hw_', properties_target: 'image' },
      { name: 'OS::Nova::Flavor', prefix: 'hw:' },
    ],
    properties: {
      cpu_policy: text('CPU Pinning policy', { enum: ['shared', 'dedicated'] }),
      cpu_thread_policy: text('CPU Thread Pinning Policy.', { enum: ['isolate', 'prefer', 'require'] }),
    },
  },
  {
    namespace: 'OS::Compute::GuestMemoryBacking',
    display_name: 'Guest Memory Backing',
    description: 'The size of the memory pages behind the memory of a server.',
    resource_type_associations: [
      { name: 'OS::Nova::Flavor', prefix: 'hw:' },
      { name: 'OS::Glance::Image', prefix: 'hw_' },
      { name: 'OS::Cinder::Volume', prefix: 'hw_', properties_target: 'image' },
    ],
    properties: {
      mem_page_size: text('Size of memory page'),
    },
  },
  {
    namespace: 'OS::Compute::Libvirt',
    display_name: 'libvirt Driver Options',
    description: 'Settings of the libvirt driver, for images and flavors.',
    resource_type_associations: [
      { name: 'OS::Glance::Image', prefix: 'hw_' },
      { name: 'OS::Nova::Flavor', prefix: 'hw:' },
    ],
    properties: {
      serial_port_count: integer('Serial Port Count', { minimum: 0 }),
      boot_menu: text('Boot Menu', { enum: ['true', 'false'] }),
      mem_encryption: text('Hardware Memory Encryption', { enum: ['true', 'false'] }),
      mem_encryption_model: text('Hardware Memory Encryption Model', {
        enum: ['amd-sev', 'amd-sev-es', 'amd-sev-snp'],
      }),
      virtio_packed_ring: text('Virtio Packed Ring', { enum: ['true', 'false'] }),
    },
  },
  {
    namespace: 'OS::Compute::VirtCPUTopology',
    display_name: 'Virtual CPU Topology',
    description: 'How virtual processors are divided into sockets, cores and threads.',
    resource_type_associations: [
      { name: 'OS::Glance::Image', prefix: 'hw_' },
      { name: 'OS::Cinder::Volume', prefix: 'hw_', properties_target: 'image' },
      { name: 'OS::Nova::Flavor', prefix: 'hw:' },
    ],
    properties: {
      cpu_sockets: integer('vCPU Sockets'),
      cpu_cores: integer('vCPU Cores'),
      cpu_threads: integer(' vCPU Threads'),
      cpu_max_sockets: integer('Max vCPU Sockets'),
      cpu_max_cores: integer('Max vCPU Cores'),
      cpu_max_threads: integer('Max vCPU Threads'),
    },
  },
  {
    namespace: 'OS::Compute::TPM',
    display_name: 'TPM Options',
    description: 'The trusted platform module that a server gets.',
    resource_type_associations: [
      { name: 'OS::Nova::Flavor', prefix: 'hw:' },
      { name: 'OS::Glance::Image', prefix: 'hw_' },
    ],
    properties: {
      tpm_model: text('TPM model', { operators: ['<or>'], default: 'tpm-tis', enum: ['tpm-tis', 'tpm-crb'] }),
      tpm_version: text('TPM version', { operators: ['<or>'], enum: ['1.2', '2.0'] }),
    },
  },
  {
    namespace: 'OS::Compute::VTPM',
    display_name: 'Emulated Virtual TPM',
    description: 'Which versions of an emulated trusted platform module a host must offer.',
    resource_type_associations: [
      { name: 'OS::Nova::Flavor', prefix: 'traits:' },
      { name: 'OS::Glance::Image', prefix: 'traits:' },
    ],
    properties: {
      COMPUTE_SECURITY_TPM_1_2: text('Virtual TPM Version 1.2 Support', { default: 'required', enum: ['required'] }),
      COMPUTE_SECURITY_TPM_2_0: text('Virtual TPM Version 2.0 Support', { default: 'required', enum: ['required'] }),
    },
  },
  {
    namespace: 'OS::Compute::Watchdog',
    display_name: 'Watchdog Behavior',
    description: 'What happens to a server that stops responding.',
    resource_type_associations: [
      { name: 'OS::Glance::Image', prefix: 'hw_' },
      { name: 'OS::Cinder::Volume', prefix: 'hw_', properties_target: 'image' },
      { name: 'OS::Nova::Flavor', prefix: 'hw:' },
    ],
    properties: {
      watchdog_action: text('Watchdog Action', { enum: ['disabled', 'reset', 'poweroff', 'pause', 'none'] }),
    },
  },
]
