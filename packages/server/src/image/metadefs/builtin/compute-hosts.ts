import { integer, listOf, text, type BuiltinNamespace } from './builtin-namespace.js'

/** Namespaces for the hosts that Nova chooses from (glance/etc/metadefs). */
export const computeHostsNamespaces: readonly BuiltinNamespace[] = [
  {
    namespace: 'OS::Compute::AggregateDiskFilter',
    display_name: 'Disk Allocation per Host',
    description: 'How much disk the scheduler may promise on each host of an aggregate.',
    resource_type_associations: [{ name: 'OS::Nova::Aggregate' }],
    properties: {
      disk_allocation_ratio: { title: 'Disk Subscription Ratio', type: 'number', readonly: false },
    },
  },
  {
    namespace: 'OS::Compute::AggregateIoOpsFilter',
    display_name: 'IO Ops per Host',
    description: 'How many operations that load a disk may run on each host of an aggregate.',
    resource_type_associations: [{ name: 'OS::Nova::Aggregate' }],
    properties: {
      max_io_ops_per_host: integer('Maximum IO Operations per Host', { default: '8', readonly: false, minimum: 1 }),
    },
  },
  {
    namespace: 'OS::Compute::AggregateNumInstancesFilter',
    display_name: 'Instances per Host',
    description: 'How many servers may run on each host of an aggregate.',
    protected: false,
    resource_type_associations: [{ name: 'OS::Nova::Aggregate' }],
    properties: {
      max_instances_per_host: integer('Max Instances Per Host', { readonly: false, minimum: 0 }),
    },
  },
  {
    namespace: 'OS::Compute::HostCapabilities',
    display_name: 'Compute Host Capabilities',
    description: 'What the processors of a host must be able to do.',
    resource_type_associations: [
      { name: 'OS::Nova::Flavor', prefix: 'capabilities:' },
      { name: 'OS::Nova::Aggregate', prefix: 'aggregate_instance_extra_specs:' },
    ],
    properties: {
      'cpu_info:vendor': text('Vendor', { operators: ['<or>'], enum: ['Intel', 'AMD'] }),
      'cpu_info:model': text('Model', {
        operators: ['<or>'],
        enum: listOf(`
        Conroe, Core2Duo, Penryn, Nehalem, Westmere, SandyBridge, IvyBridge, Haswell, Broadwell, Delhi,
        Seoul, Abu Dhabi, Interlagos, Kabini, Valencia, Zurich, Budapest, Barcelona, Suzuka, Shanghai,
        Istanbul, Lisbon, Magny-Cours, Cortex-A57, Cortex-A53, Cortex-A12, Cortex-A17, Cortex-A15,
        Coretx-A7, X-Gene`),
      }),
      'cpu_info:arch': text('Architecture', {
        operators: ['<or>'],
        enum: ['x86', 'x86_64', 'i686', 'ia64', 'ARMv8-A', 'ARMv7-A'],
      }),
      'cpu_info:topology:cores': integer('cores', { default: '1', readonly: false }),
      'cpu_info:topology:threads': integer('threads', { default: '1', readonly: false }),
      'cpu_info:topology:sockets': integer('sockets', { default: '1', readonly: false }),
      'cpu_info:features': {
        title: 'Features',
        type: 'array',
        operators: ['<or>', '<all-in>'],
        items: {
          type: 'string',
          enum: listOf(`
        fpu, vme, de, pse, tsc, msr, pae, mce, cx8, apic, sep, mtrr, pge, mca, cmov, pat, pse36, pn,
        clflush, dts, acpi, mmx, fxsr, sse, sse2, ss, ht, tm, ia64, pbe, syscall, mp, nx, mmxext,
        fxsr_opt, pdpe1gb, rdtscp, lm, 3dnowext, 3dnow, arch_perfmon, pebs, bts, rep_good, nopl,
        xtopology, tsc_reliable, nonstop_tsc, extd_apicid, amd_dcm, aperfmperf, eagerfpu,
        nonstop_tsc_s3, pni, pclmulqdq, dtes64, monitor, ds_cpl, vmx, smx, est, tm2, ssse3, cid, fma,
        cx16, xtpr, pdcm, pcid, dca, sse4_1, sse4_2, x2apic, movbe, popcnt, tsc_deadline_timer, aes,
        xsave, avx, f16c, rdrand, hypervisor, rng, rng_en, ace, ace_en, ace2, ace2_en, phe, phe_en, pmm,
        pmm_en, lahf_lm, cmp_legacy, svm, extapic, cr8_legacy, abm, sse4a, misalignsse, 3dnowprefetch,
        osvw, ibs, xop, skinit, wdt, lwp, fma4, tce, nodeid_msr, tbm, topoext, perfctr_core, perfctr_nb,
        bpext, perfctr_l2, mwaitx, ida, arat, cpb, epb, pln, pts, dtherm, hw_pstate, proc_feedback, hwp,
        hwp_notify, hwp_act_window, hwp_epp, hwp_pkg_req, intel_pt, tpr_shadow, vnmi, flexpriority, ept,
        vpid, npt, lbrv, svm_lock, nrip_save, tsc_scale, vmcb_clean, flushbyasid, decodeassists,
        pausefilter, pfthreshold, vmmcall, fsgsbase, tsc_adjust, bmi1, hle, avx2, smep, bmi2, erms,
        invpcid, rtm, cqm, mpx, avx512f, rdseed, adx, smap, pcommit, clflushopt, clwb, avx512pf,
        avx512er, avx512cd, sha_ni, xsaveopt, xsavec, xgetbv1, xsaves, cqm_llc, cqm_occup_llc, clzero`),
        },
      },
    },
  },
]
