import { boolean, integer, listOf, text, type BuiltinNamespace } from './builtin-namespace.js'

/** The namespaces of Nova's VMware driver (glance/etc/metadefs). */
export const vmwareNamespaces: readonly BuiltinNamespace[] = [
  {
    namespace: 'OS::Compute::VMwareFlavor',
    display_name: 'VMware Driver Options for Flavors',
    description: 'Settings of the VMware driver for flavors.',
    resource_type_associations: [{ name: 'OS::Nova::Flavor' }],
    properties: {
      'vmware:hw_version': text('VMware Hardware Version', {
        enum: listOf(`
        vmx-13, vmx-11, vmx-10, vmx-09, vmx-08, vmx-07, vmx-04, vmx-03`),
      }),
      'vmware:storage_policy': text('VMware Storage Policy'),
    },
  },
  {
    namespace: 'OS::Compute::VMwareQuotaFlavor',
    display_name: 'VMware Quota for Flavors',
    description: 'Limits of the VMware driver on processor use, for flavors.',
    resource_type_associations: [{ name: 'OS::Nova::Flavor' }],
    properties: {
      'quota:cpu_limit': integer('Quota: CPU Limit', { minimum: 0 }),
      'quota:cpu_reservation': integer('Quota: CPU Reservation Limit', { minimum: 0 }),
    },
  },
  {
    namespace: 'OS::Compute::VMware',
    display_name: 'VMware Driver Options',
    description: 'The devices and settings that the VMware driver uses for servers of an image.',
    resource_type_associations: [{ name: 'OS::Glance::Image' }],
    properties: {
      img_linked_clone: boolean('Linked Clone'),
      vmware_adaptertype: text('Disk Adapter Type', {
        default: 'lsiLogic',
        enum: ['lsiLogic', 'lsiLogicsas', 'paraVirtual', 'busLogic', 'ide'],
      }),
      vmware_disktype: text('Disk Provisioning Type', {
        default: 'preallocated',
        enum: ['streamOptimized', 'sparse', 'preallocated'],
      }),
      vmware_ostype: text('OS Type', {
        default: 'otherGuest',
        enum: listOf(`
        asianux3_64Guest, asianux3Guest, asianux4_64Guest, asianux4Guest, asianux5_64Guest,
        asianux7_64Guest, centos64Guest, centosGuest, centos6Guest, centos6_64Guest, centos7_64Guest,
        coreos64Guest, darwin10_64Guest, darwin10Guest, darwin11_64Guest, darwin11Guest,
        darwin12_64Guest, darwin13_64Guest, darwin14_64Guest, darwin15_64Guest, darwin16_64Guest,
        darwin64Guest, darwinGuest, debian4_64Guest, debian4Guest, debian5_64Guest, debian5Guest,
        debian6_64Guest, debian6Guest, debian7_64Guest, debian7Guest, debian8_64Guest, debian8Guest,
        debian9_64Guest, debian9Guest, debian10_64Guest, debian10Guest, dosGuest, eComStation2Guest,
        eComStationGuest, fedora64Guest, fedoraGuest, freebsd64Guest, freebsdGuest, genericLinuxGuest,
        mandrakeGuest, mandriva64Guest, mandrivaGuest, netware4Guest, netware5Guest, netware6Guest,
        nld9Guest, oesGuest, openServer5Guest, openServer6Guest, opensuse64Guest, opensuseGuest,
        oracleLinux64Guest, oracleLinuxGuest, oracleLinux6Guest, oracleLinux6_64Guest,
        oracleLinux7_64Guest, os2Guest, other24xLinux64Guest, other24xLinuxGuest, other26xLinux64Guest,
        other26xLinuxGuest, other3xLinux64Guest, other3xLinuxGuest, otherGuest, otherGuest64,
        otherLinux64Guest, otherLinuxGuest, redhatGuest, rhel2Guest, rhel3_64Guest, rhel3Guest,
        rhel4_64Guest, rhel4Guest, rhel5_64Guest, rhel5Guest, rhel6_64Guest, rhel6Guest, rhel7_64Guest,
        rhel7Guest, sjdsGuest, sles10_64Guest, sles10Guest, sles11_64Guest, sles11Guest, sles12_64Guest,
        sles12Guest, sles64Guest, slesGuest, solaris10_64Guest, solaris10Guest, solaris11_64Guest,
        solaris6Guest, solaris7Guest, solaris8Guest, solaris9Guest, turboLinux64Guest, turboLinuxGuest,
        ubuntu64Guest, ubuntuGuest, unixWare7Guest, vmkernel5Guest, vmkernel6Guest, vmkernel65Guest,
        vmkernelGuest, vmwarePhoton64Guest, win2000AdvServGuest, win2000ProGuest, win2000ServGuest,
        win31Guest, win95Guest, win98Guest, windows7_64Guest, windows7Guest, windows7Server64Guest,
        windows8_64Guest, windows8Guest, windows8Server64Guest, windows9_64Guest, windows9Guest,
        windows9Server64Guest, windowsHyperVGuest, winLonghorn64Guest, winLonghornGuest, winMeGuest,
        winNetBusinessGuest, winNetDatacenter64Guest, winNetDatacenterGuest, winNetEnterprise64Guest,
        winNetEnterpriseGuest, winNetStandard64Guest, winNetStandardGuest, winNetWebGuest, winNTGuest,
        winVista64Guest, winVistaGuest, winXPHomeGuest, winXPPro64Guest, winXPProGuest`),
      }),
      hw_vif_model: text('Virtual Network Interface', {
        default: 'e1000',
        enum: listOf(`
        e1000, e1000e, VirtualE1000, VirtualE1000e, VirtualPCNet32, VirtualVmxnet, VirtualVmxnet3`),
      }),
      hw_vif_multiqueue_enabled: text('Multiqueue Enabled', { enum: ['true', 'false'] }),
    },
  },
]
