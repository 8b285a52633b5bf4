import type { Database } from '../database/database.js'
import { createAccessRuleRepository, type AccessRuleRepository } from './access-rules/access-rule-repository.js'
import {
  createApplicationCredentialRepository,
  type ApplicationCredentialRepository,
} from './application-credentials/application-credential-repository.js'
import { createAssignmentRepository, type AssignmentRepository } from './assignments/assignment-repository.js'
import { createCredentialRepository, type CredentialRepository } from './credentials/credential-repository.js'
import { createGroupRepository, type GroupRepository } from './groups/group-repository.js'
import { createProjectRepository, type ProjectRepository } from './projects/project-repository.js'
import {
  createRoleInferenceRepository,
  type RoleInferenceRepository,
} from './role-inferences/role-inference-repository.js'
import { createRoleRepository, type RoleRepository } from './roles/role-repository.js'
import { createTokenRepository, type TokenRepository } from './tokens/token-repository.js'
import { createUserRepository, type UserRepository } from './users/user-repository.js'

/** The repositories of everything that Keystone stores. */
export interface Directory {
  readonly users: UserRepository
  readonly groups: GroupRepository
  readonly projects: ProjectRepository
  readonly roles: RoleRepository
  readonly roleInferences: RoleInferenceRepository
  readonly assignments: AssignmentRepository
  readonly applicationCredentials: ApplicationCredentialRepository
  readonly credentials: CredentialRepository
  readonly accessRules: AccessRuleRepository
  readonly tokens: TokenRepository
  /** A number that changes whenever any record may have changed. */
  readonly revision: () => number
}

export function openDirectory(db: Database): Directory {
  return {
    users: createUserRepository(db),
    groups: createGroupRepository(db),
    projects: createProjectRepository(db),
    roles: createRoleRepository(db),
    roleInferences: createRoleInferenceRepository(db),
    assignments: createAssignmentRepository(db),
    applicationCredentials: createApplicationCredentialRepository(db),
    credentials: createCredentialRepository(db),
    accessRules: createAccessRuleRepository(db),
    tokens: createTokenRepository(db),
    revision: () => db.writes,
  }
}
