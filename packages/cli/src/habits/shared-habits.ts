import type { Habit, OptionHabit } from './habit.js'

/** Properties that have options of their own: `--os-distro <os-distro>`. */
export const namedProperties = {
  '--architecture <architecture>': '--property architecture={}',
  '--instance-uuid <instance-uuid>': '--property instance_uuid={}',
  '--kernel-id <kernel-id>': '--property kernel_id={}',
  '--os-distro <os-distro>': '--property os_distro={}',
  '--os-version <os-version>': '--property os_version={}',
  '--ramdisk-id <ramdisk-id>': '--property ramdisk_id={}',
} as const

/** Of lists of tasks. */
export const sortedTasks = {
  '--sort-key <key>': '--sort-column {}',
  '--sort-dir <direction>': { values: { asc: '--sort-ascending', desc: '--sort-descending' } },
} as const

export const noSchema: OptionHabit = {
  instead: 'metadef namespace import FILE --replace',
  because: 'a whole schema comes from a file, and its parts have options of their own, such as --enum and --minimum',
}

export const createProperty: Habit = {
  ours: 'metadef property create <namespace> <name>',
  options: {
    '--name <name>': { arg: 'name' },
    '--title <title>': '=',
    '--type <type>': '=',
    '--schema <schema>': noSchema,
  },
}

export const stageImage: Habit = {
  ours: ['stage <image> --file=<file>', 'stage <image> --file=-'],
  options: { '--file <file>': { arg: 'file' }, '--size <size>': '=', '--progress': '' },
}

/** An option that may have a value, `True` or `False`. */
export const bool = (on: string, off: string): OptionHabit => ({
  values: { True: on, true: on, False: off, false: off },
})
