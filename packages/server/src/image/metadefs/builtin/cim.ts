import { boolean, listOf, text, type BuiltinNamespace } from './builtin-namespace.js'

/** The namespaces of the DMTF Common Information Model (glance/etc/metadefs). */
export const cimNamespaces: readonly BuiltinNamespace[] = [
  {
    namespace: 'CIM::ProcessorAllocationSettingData',
    display_name: 'CIM Processor Allocation Setting',
    description: 'How processors are allotted to a virtual system, in the terms of the DMTF Common Information Model.',
    resource_type_associations: [
      { name: 'OS::Cinder::Volume', prefix: 'CIM_PASD_', properties_target: 'image' },
      { name: 'OS::Glance::Image', prefix: 'CIM_PASD_' },
      { name: 'OS::Nova::Aggregate', prefix: 'CIM_PASD_' },
      { name: 'OS::Nova::Flavor', prefix: 'CIM_PASD_' },
      { name: 'OS::Nova::Server', properties_target: 'scheduler_hints' },
    ],
    properties: {
      InstructionSet: text('Instruction Set', {
        operators: ['<or>'],
        enum: listOf(`
        x86:i386, x86:i486, x86:i586, x86:i686, x86:64, IA-64:IA-64, AS/400:TIMI, Power:Power_2.03,
        Power:Power_2.04, Power:Power_2.05, Power:Power_2.06, S/390:ESA/390, S/390:z/Architecture,
        S/390:z/Architecture_2, PA-RISC:PA-RISC_1.0, PA-RISC:PA-RISC_2.0, ARM:A32, ARM:A64, MIPS:MIPS_I,
        MIPS:MIPS_II, MIPS:MIPS_III, MIPS:MIPS_IV, MIPS:MIPS_V, MIPS:MIPS32, MIPS64:MIPS64, Alpha:Alpha,
        SPARC:SPARC_V7, SPARC:SPARC_V8, SPARC:SPARC_V9, SPARC:SPARC_JPS1, SPARC:UltraSPARC2005,
        SPARC:UltraSPARC2007, 68k:68000, 68k:68010, 68k:68020, 68k:68030, 68k:68040, 68k:68060`),
      }),
      ProcessorArchitecture: text('Processor Architecture', {
        operators: ['<or>'],
        enum: listOf(`
        x86, IA-64, AS/400, Power, S/390, PA-RISC, ARM, MIPS, Alpha, SPARC, 68k`),
      }),
      InstructionSetExtensionName: {
        title: 'Instruction Set Extension',
        type: 'array',
        operators: ['<or>', '<all-in>'],
        items: {
          type: 'string',
          enum: listOf(`
        x86:3DNow, x86:3DNowExt, x86:ABM, x86:AES, x86:AVX, x86:AVX2, x86:BMI, x86:CX16, x86:F16C,
        x86:FSGSBASE, x86:LWP, x86:MMX, x86:PCLMUL, x86:RDRND, x86:SSE2, x86:SSE3, x86:SSSE3, x86:SSE4A,
        x86:SSE41, x86:SSE42, x86:FMA3, x86:FMA4, x86:XOP, x86:TBM, x86:VT-d, x86:VT-x, x86:EPT,
        x86:SVM, PA-RISC:MAX, PA-RISC:MAX2, ARM:DSP, ARM:Jazelle-DBX, ARM:Thumb, ARM:Thumb-2,
        ARM:ThumbEE), ARM:VFP, ARM:NEON, ARM:TrustZone, MIPS:MDMX, MIPS:MIPS-3D, Alpha:BWX, Alpha:FIX,
        Alpha:CIX, Alpha:MVI`),
        },
      },
    },
  },
  {
    namespace: 'CIM::ResourceAllocationSettingData',
    display_name: 'CIM Resource Allocation Setting Data',
    description:
      'How resources of any kind are allotted to a virtual system, in the terms of the DMTF Common Information Model.',
    resource_type_associations: [
      { name: 'OS::Cinder::Volume', prefix: 'CIM_RASD_', properties_target: 'image' },
      { name: 'OS::Nova::Aggregate', prefix: 'CIM_RASD_' },
      { name: 'OS::Nova::Flavor', prefix: 'CIM_RASD_' },
    ],
    properties: {
      Address: text('Address'),
      AddressOnParent: text('Address On Parent'),
      AllocationUnits: text('Allocation Units'),
      AutomaticAllocation: boolean('Automatic Allocation'),
      AutomaticDeallocation: boolean('Automatic Deallocation'),
      ConsumerVisibility: text('Consumer Visibility', {
        operators: ['<or>'],
        enum: ['Unknown', 'Passed-Through', 'Virtualized', 'Not represented', 'DMTF reserved', 'Vendor Reserved'],
      }),
      Limit: text('Limit'),
      MappingBehavior: text('Mapping Behavior', {
        operators: ['<or>'],
        enum: listOf(`
        Unknown, Not Supported, Dedicated, Soft Affinity, Hard Affinity, DMTF Reserved, Vendor Reserved`),
      }),
      OtherResourceType: text('Other Resource Type'),
      Parent: text('Parent'),
      PoolID: text('Pool ID'),
      Reservation: text('Reservation'),
      ResourceSubType: text('Resource Sub Type'),
      ResourceType: text('Resource Type', {
        operators: ['<or>'],
        enum: listOf(`
        Other, Computer System, Processor, Memory, IDE Controller, Parallel SCSI HBA, FC HBA, iSCSI HBA,
        IB HCA, Ethernet Adapter, Other Network Adapter, I/O Slot, I/O Device, Floppy Drive, CD Drive,
        DVD drive, Disk Drive, Tape Drive, Storage Extent, Other storage device, Serial port,
        Parallel port, USB Controller, Graphics controller, IEEE 1394 Controller, Partitionable Unit,
        Base Partitionable Unit, Power, Cooling Capacity, Ethernet Switch Port, Logical Disk,
        Storage Volume, Ethernet Connection, DMTF reserved, Vendor Reserved`),
      }),
      VirtualQuantity: text('Virtual Quantity'),
      VirtualQuantityUnits: text('Virtual Quantity Units'),
      Weight: text('Weight'),
      Connection: text('Connection'),
      HostResource: text('Host Resource'),
    },
  },
  {
    namespace: 'CIM::StorageAllocationSettingData',
    display_name: 'CIM Storage Allocation Setting Data',
    description: 'How storage is allotted to a virtual system, in the terms of the DMTF Common Information Model.',
    resource_type_associations: [
      { name: 'OS::Cinder::Volume', prefix: 'CIM_SASD_' },
      { name: 'OS::Nova::Aggregate', prefix: 'CIM_SASD_' },
      { name: 'OS::Nova::Flavor', prefix: 'CIM_SASD_' },
    ],
    properties: {
      Access: text('Access', {
        operators: ['<or>'],
        enum: ['Unknown', 'Readable', 'Writeable', 'Read/Write Supported', 'DMTF Reserved'],
      }),
      HostExtentName: text('Host Extent Name'),
      HostExtentNameFormat: text('Host Extent Name Format', {
        operators: ['<or>'],
        enum: listOf(`
        Unknown, Other, SNVM, NAA, EUI64, T10VID, OS Device Name, DMTF Reserved`),
      }),
      HostExtentNameNamespace: text('Host Extent Name Namespace', {
        operators: ['<or>'],
        enum: listOf(`
        Unknown, Other, VPD83Type3, VPD83Type2, VPD83Type1, VPD80, NodeWWN, SNVM, OS Device Namespace,
        DMTF Reserved`),
      }),
      HostExtentStartingAddress: text('Host Extent Starting Address'),
      HostResourceBlockSize: text('Host Resource Block Size'),
      Limit: text('Limit'),
      OtherHostExtentNameFormat: text('Other Host Extent Name Format'),
      OtherHostExtentNameNamespace: text('Other Host Extent Name Namespace'),
      Reservation: text('Reservation'),
      VirtualQuantity: text('Virtual Quantity'),
      VirtualQuantityUnits: text('Virtual Quantity Units'),
      VirtualResourceBlockSize: text('Virtual Resource Block Size'),
    },
  },
  {
    namespace: 'CIM::VirtualSystemSettingData',
    display_name: 'CIM Virtual System Setting Data',
    description: 'How a virtual system starts, stops and recovers, in the terms of the DMTF Common Information Model.',
    resource_type_associations: [
      { name: 'OS::Nova::Aggregate', prefix: 'CIM_VSSD_' },
      { name: 'OS::Nova::Flavor', prefix: 'CIM_VSSD_' },
    ],
    properties: {
      AutomaticRecoveryAction: text('Automatic Recovery Action', {
        operators: ['<or>'],
        enum: ['None', 'Restart', 'Revert to snapshot', 'DMTF Reserved'],
      }),
      AutomaticShutdownAction: text('Automatic Shutdown Action', {
        operators: ['<or>'],
        enum: ['Turn Off', 'Save state', 'Shutdown', 'DMTF Reserved'],
      }),
      AutomaticStartupAction: text('Automatic Startup Action', {
        operators: ['<or>'],
        enum: ['None', 'Restart if previously active', 'Always startup', 'DMTF Reserved'],
      }),
      AutomaticStartupActionDelay: text('Automatic Startup Action Delay'),
      AutomaticStartupActionSequenceNumber: text('Automatic Startup Action Sequence Number'),
      ConfigurationDataRoot: text('Configuration Data Root'),
      ConfigurationFile: text('Configuration File'),
      ConfigurationID: text('Configuration ID'),
      CreationTime: text('Creation Time'),
      LogDataRoot: text('Log Data Root'),
      RecoveryFile: text('Recovery File'),
      SnapshotDataRoot: text('Snapshot Data Root'),
      SuspendDataRoot: text('Suspend Data Root'),
      SwapFileDataRoot: text('Swap File Data Root'),
      VirtualSystemIdentifier: text('Virtual System Identifier'),
      VirtualSystemType: text('Virtual System Type'),
      Notes: text('Notes'),
    },
  },
]
