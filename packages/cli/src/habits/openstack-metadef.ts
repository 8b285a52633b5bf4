import type { Habits } from './habit.js'
import { createProperty, noSchema } from './shared-habits.js'

const namespaceOptions = {
  '--display-name <display_name>': '=',
  '--description <description>': '=',
  '--public': '--visibility public',
  '--private': '--visibility private',
  '--protected': '=',
} as const

const association = 'metadef resource-type'

/** `openstack image metadef …` */
export const openstackMetadef: Habits = {
  'image metadef namespace list': {
    ours: 'metadef namespace list',
    options: { '--resource-types <resource_types>': { each: '--resource-type {}' }, '--visibility <visibility>': '=' },
  },
  'image metadef namespace show <namespace>': { ours: 'metadef namespace show <namespace>' },
  'image metadef namespace create <namespace>': {
    ours: 'metadef namespace create <namespace>',
    options: { ...namespaceOptions, '--unprotected': '' },
  },
  'image metadef namespace set <namespace>': {
    ours: 'metadef namespace set <namespace>',
    mayBeBare: true,
    options: {
      ...namespaceOptions,
      '--unprotected': '--no-protected',
      '--tag <tag>': { also: 'metadef tag add <namespace> {}' },
    },
  },
  'image metadef namespace unset <namespace>': {
    ours: { none: 'without --tag or --all-tags there is nothing to unset' },
    options: {
      '--tag <tag>': { becomes: 'metadef tag rm <namespace> {}' },
      '--all-tags': { becomes: 'metadef tag rm <namespace> --all' },
    },
  },
  'image metadef namespace delete <namespaces...>': { ours: 'metadef namespace rm <namespaces...>' },
  'image metadef property list <namespace>': { ours: 'metadef property list <namespace>' },
  'image metadef property show <namespace> <property>': { ours: 'metadef property show <namespace> <property>' },
  'image metadef property create <namespace>': createProperty,
  'image metadef property set <namespace> <property>': {
    ours: 'metadef property set <namespace> <property>',
    options: { '--name <name>': '=', '--title <title>': '=', '--type <type>': '=', '--schema <schema>': noSchema },
  },
  'image metadef property delete <namespace> [properties...]': {
    ours: ['metadef property rm <namespace> <properties...>', 'metadef property rm <namespace> --all'],
  },
  'image metadef object list <namespace>': { ours: 'metadef object list <namespace>' },
  'image metadef object show <namespace> <object>': { ours: 'metadef object show <namespace> <object>' },
  'image metadef object property show <namespace> <object> <property>': {
    ours: {
      instead: 'metadef object show <namespace> <object> -f json',
      because: 'it shows all properties of the object',
    },
  },
  'image metadef object create <object>': {
    ours: 'metadef object create <namespace> <object>',
    options: { '--namespace <namespace>': { arg: 'namespace' } },
  },
  'image metadef object update <namespace> <object>': {
    ours: 'metadef object set <namespace> <object>',
    options: { '--name <name>': '=' },
  },
  'image metadef object delete <namespace> [objects...]': {
    ours: ['metadef object rm <namespace> <objects...>', 'metadef object rm <namespace> --all'],
  },
  'image metadef resource type list': { ours: `${association} list` },
  'image metadef resource type association list <namespace>': { ours: `${association} list <namespace>` },
  'image metadef resource type association create <namespace> <name>': {
    ours: `${association} add <namespace> <name>`,
    options: { '--properties-target <properties_target>': '=' },
  },
  'image metadef resource type association delete <namespace> <names...>': {
    ours: `${association} rm <namespace> <names...>`,
    options: { '--force': '' },
  },
}
