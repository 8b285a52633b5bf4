import { boolean, integer, listOf, text, type BuiltinNamespace } from './builtin-namespace.js'

/** Namespaces for images that Nova starts servers from (glance/etc/metadefs). */
export const computeImagesNamespaces: readonly BuiltinNamespace[] = [
  {
    namespace: 'OS::Compute::GuestShutdownBehavior',
    display_name: 'Shutdown Behavior',
    description: 'How long a server may take to shut down.',
    resource_type_associations: [{ name: 'OS::Glance::Image' }],
    properties: {
      os_shutdown_timeout: integer('Shutdown timeout', { minimum: 0 }),
    },
  },
  {
    namespace: 'OS::Compute::Hypervisor',
    display_name: 'Hypervisor Selection',
    description: 'Which hypervisor an image is made for.',
    resource_type_associations: [{ name: 'OS::Glance::Image' }],
    properties: {
      hypervisor_type: text('Hypervisor Type', {
        enum: listOf(`
        baremetal, hyperv, kvm, lxc, powervm, qemu, uml, vmware, vz, xen`),
      }),
      vm_mode: text('VM Mode', { enum: ['hvm', 'xen', 'uml', 'exe'] }),
    },
  },
  {
    namespace: 'OS::Compute::InstanceData',
    display_name: 'Instance Config Data',
    description: 'What a server needs from its environment when it starts or is copied.',
    resource_type_associations: [
      { name: 'OS::Glance::Image' },
      { name: 'OS::Cinder::Volume', properties_target: 'image' },
    ],
    properties: {
      img_config_drive: text('Config Drive', { enum: ['optional', 'mandatory'] }),
      os_require_quiesce: text('Require Quiescent File system', { enum: ['yes', 'no'] }),
    },
  },
  {
    namespace: 'OS::Compute::LibvirtImage',
    display_name: 'libvirt Driver Options for Images',
    description: 'The devices and settings that the libvirt driver uses for servers of an image.',
    resource_type_associations: [{ name: 'OS::Glance::Image' }],
    properties: {
      hw_cdrom_bus: text('CD-ROM Bus', {
        enum: listOf(`
        scsi, virtio, uml, xen, ide, usb, fdc, sata, lxc`),
      }),
      hw_disk_bus: text('Disk Bus', {
        enum: listOf(`
        scsi, virtio, uml, xen, ide, usb, fdc, sata, lxc`),
      }),
      hw_firmware_type: text('Firmware Type', { enum: ['bios', 'uefi'] }),
      hw_firmware_stateless: boolean('Stateless Firmware'),
      hw_rng_model: text('Random Number Generator Device model', { default: 'virtio' }),
      hw_machine_type: text('Machine Type'),
      hw_scsi_model: text('SCSI Model', { default: 'virtio-scsi' }),
      hw_video_model: text('Video Model', {
        enum: listOf(`
        vga, cirrus, vmvga, xen, qxl, virtio, gop, none, bochs`),
      }),
      hw_video_ram: integer('Max Video Ram', { minimum: 0 }),
      os_command_line: text('Kernel Command Line'),
      os_type: text('OS Type', { enum: ['linux', 'windows'] }),
      hw_vif_model: text('Virtual Network Interface', {
        enum: listOf(`
        e1000, e1000e, ne2k_pci, netfront, pcnet, rtl8139, spapr-vlan, virtio, vmxnet3, igb`),
      }),
      hw_vif_multiqueue_enabled: text('Multiqueue Enabled', { enum: ['true', 'false'] }),
      hw_pmu: text('Virtual Performance Monitoring Unit', { enum: ['true', 'false'] }),
      hw_qemu_guest_agent: text('QEMU Guest Agent', { enum: ['yes', 'no'] }),
      hw_pointer_model: text('Pointer Model', { enum: ['usbtablet'] }),
      img_hide_hypervisor_id: text('Hide hypervisor id', { enum: ['yes', 'no'] }),
    },
  },
  {
    namespace: 'OS::Compute::XenAPI',
    display_name: 'XenAPI Driver Options',
    description: 'Settings of the XenAPI driver.',
    resource_type_associations: [{ name: 'OS::Glance::Image' }],
    properties: {
      auto_disk_config: boolean('Disk Adapter Type'),
    },
  },
]
