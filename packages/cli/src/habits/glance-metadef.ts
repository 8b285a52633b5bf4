import type { Habits } from './habit.js'
import { bool, createProperty, noSchema } from './shared-habits.js'

const namespaceOptions = {
  '--visibility <visibility>': '=',
  '--description <description>': '=',
  '--display-name <display_name>': '=',
  '--owner <owner>': { none: 'a namespace belongs to the project that creates it' },
} as const

const cut = { '--max-column-width <n>': '' } as const

/** `glance md-…` */
export const glanceMetadef: Habits = {
  'md-namespace-list': {
    ours: 'metadef namespace list',
    options: {
      '--resource-types <types>': { each: '--resource-type {}' },
      '--visibility <visibility>': '=',
      '--page-size <size>': '',
    },
  },
  'md-namespace-show <namespace>': {
    ours: 'metadef namespace show <namespace>',
    options: { '--resource-type <type>': '=', ...cut },
  },
  'md-namespace-create <namespace>': {
    ours: 'metadef namespace create <namespace>',
    options: {
      ...namespaceOptions,
      '--protected [bool]': bool('--protected', ''),
      '--resource-type-associations <type>': { also: 'metadef resource-type add <namespace> {}' },
    },
  },
  'md-namespace-update <namespace>': {
    ours: 'metadef namespace set <namespace>',
    options: {
      ...namespaceOptions,
      '--protected [bool]': bool('--protected', '--no-protected'),
      '--namespace <name>': '--name {}',
    },
  },
  'md-namespace-import': { ours: 'metadef namespace import <file>', options: { '--file <path>': { arg: 'file' } } },
  'md-namespace-delete <namespace>': { ours: 'metadef namespace rm <namespace>' },
  'md-namespace-objects-delete <namespace>': { ours: 'metadef object rm <namespace> --all' },
  'md-namespace-properties-delete <namespace>': { ours: 'metadef property rm <namespace> --all' },
  'md-namespace-tags-delete <namespace>': { ours: 'metadef tag rm <namespace> --all' },
  'md-namespace-resource-type-list <namespace>': { ours: 'metadef resource-type list <namespace>' },
  'md-property-list <namespace>': { ours: 'metadef property list <namespace>' },
  'md-property-show <namespace> <property>': { ours: 'metadef property show <namespace> <property>', options: cut },
  'md-property-create <namespace>': createProperty,
  'md-property-update <namespace> <property>': {
    ours: 'metadef property set <namespace> <property>',
    options: { '--name <name>': '=', '--title <title>': '=', '--schema <schema>': noSchema },
  },
  'md-property-delete <namespace> <property>': { ours: 'metadef property rm <namespace> <property>' },
  'md-object-list <namespace>': { ours: 'metadef object list <namespace>' },
  'md-object-show <namespace> <object>': { ours: 'metadef object show <namespace> <object>', options: cut },
  'md-object-property-show <namespace> <object> <property>': {
    ours: {
      instead: 'metadef object show <namespace> <object> -f json',
      because: 'it shows all properties of the object',
    },
    options: cut,
  },
  'md-object-create <namespace>': {
    ours: 'metadef object create <namespace> <name>',
    options: { '--name <name>': { arg: 'name' }, '--schema <schema>': noSchema },
  },
  'md-object-update <namespace> <object>': {
    ours: 'metadef object set <namespace> <object>',
    options: { '--name <name>': '=', '--schema <schema>': noSchema },
  },
  'md-object-delete <namespace> <object>': { ours: 'metadef object rm <namespace> <object>' },
  'md-resource-type-list': { ours: 'metadef resource-type list' },
  'md-resource-type-associate <namespace>': {
    ours: 'metadef resource-type add <namespace> <name>',
    options: { '--name <name>': { arg: 'name' }, '--prefix <prefix>': '=', '--properties-target <target>': '=' },
  },
  'md-resource-type-deassociate <namespace> <type>': { ours: 'metadef resource-type rm <namespace> <type>' },
  'md-tag-list <namespace>': { ours: 'metadef tag list <namespace>' },
  'md-tag-show <namespace> <tag>': { ours: 'metadef tag show <namespace> <tag>' },
  'md-tag-create <namespace>': {
    ours: 'metadef tag add <namespace> <name>',
    options: { '--name <name>': { arg: 'name' } },
  },
  'md-tag-create-multiple <namespace>': {
    ours: { none: 'without --names there is nothing to create' },
    options: {
      '--names <names>': {
        instead: 'metadef tag add <namespace> NAME NAME --replace',
        because: 'names are arguments; without --replace they are added to those that are there',
      },
      '--delim <delim>': '',
      '--append': '',
    },
  },
  'md-tag-update <namespace> <tag>': {
    ours: 'metadef tag rename <namespace> <tag> <name>',
    options: { '--name <name>': { arg: 'name' } },
  },
  'md-tag-delete <namespace> <tag>': { ours: 'metadef tag rm <namespace> <tag>' },
}
