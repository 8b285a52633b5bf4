import { defaultDomain } from '../domains/default-domain.js'

/** What a project has that was created with no more than a name. */
export const newProject = {
  description: '',
  enabled: true,
  parentId: defaultDomain.id,
  tags: [],
  options: {},
  extra: {},
} as const
