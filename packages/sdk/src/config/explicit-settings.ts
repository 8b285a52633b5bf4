import type { CloudSettings } from './cloud-settings.js'
import type { CloudOptions } from './connect-options.js'
import { canonicalNames } from './canonical-names.js'
import type { Subject } from './missing-settings.js'
import { optionValues } from './option-table.js'
import { settingsFromValues } from './settings-from-values.js'
import { mergeValues, type Setting, type Values } from './values.js'

/** The defaults (openstack/config/defaults.json). */
export const defaultValues: Values = new Map<string, Setting>([
  ['auth_type', { value: 'password', origin: { kind: 'default' } }],
  ['interface', { value: 'public', origin: { kind: 'default' } }],
])

/** How messages refer to a configuration that consists of options only. */
export const optionsSubject: Subject = {
  name: 'the auth option',
  searched: [],
  howToSet: (key) => `auth.${key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())}`,
}

/** The settings of a cloud that is described by options alone. @throws ConfigError */
export function explicitSettings(options: CloudOptions): CloudSettings {
  return settingsFromValues(mergeValues(defaultValues, canonicalNames(optionValues(options))), optionsSubject)
}
