import { cacheContract } from './image/cache.js'
import { clientContract } from './image/client.js'
import { clientMetadefsContract } from './image/client-metadefs.js'
import { clientImportContract } from './image/client-import.js'
import { dataContract } from './image/data.js'
import { fourByteContract } from './image/four-byte.js'
import { accessRulesContract } from './identity/access-rules.js'
import { applicationCredentialsContract } from './identity/application-credentials.js'
import { catalogContract } from './identity/catalog.js'
import { credentialsContract } from './identity/credentials.js'
import { ec2CredentialsContract } from './identity/ec2-credentials.js'
import { grantsContract } from './identity/grants.js'
import { groupGrantsContract } from './identity/group-grants.js'
import { groupsContract } from './identity/groups.js'
import { glanceDownloadContract } from './image/glance-download.js'
import { identityContract } from './identity/identity.js'
import { multiFactorContract } from './identity/multi-factor.js'
import { projectsContract } from './identity/projects.js'
import { revocationContract } from './identity/revocation.js'
import { rolesContract } from './identity/roles.js'
import { identitySystemScopeContract } from './identity/system-scope.js'
import { totpContract } from './identity/totp.js'
import { usersContract } from './identity/users.js'
import { imageTasksContract } from './image/image-tasks.js'
import { imagesCreateContract } from './image/images-create.js'
import { imagesListContract } from './image/images-list.js'
import { imagesPatchContract } from './image/images-patch.js'
import { imagesRecordContract } from './image/images-record.js'
import { locationImportContract } from './image/location-import.js'
import { locationsContract } from './image/locations.js'
import { importContract } from './image/import.js'
import { membersContract } from './image/members.js'
import { objectsAclContract } from './object-store/acl.js'
import { objectsBulkContract } from './object-store/bulk.js'
import { objectsExpiryContract } from './object-store/expiry.js'
import { metadefFourByteContract } from './image/metadef-four-byte.js'
import { metadefNamespacesListContract } from './image/metadef-namespaces-list.js'
import { metadefNamespacesRefusedContract } from './image/metadef-namespaces-refused.js'
import { metadefNamespacesContract } from './image/metadef-namespaces.js'
import { metadefObjectsContract } from './image/metadef-objects.js'
import { metadefPropertiesContract } from './image/metadef-properties.js'
import { metadefResourceTypesContract } from './image/metadef-resource-types.js'
import { metadefTagsContract } from './image/metadef-tags.js'
import { schemasContract } from './image/schemas.js'
import { objectsContract } from './object-store/objects.js'
import { objectsClientContract } from './object-store/client.js'
import { objectsLargeContract } from './object-store/large.js'
import { objectsSegmentsContract } from './object-store/segments.js'
import { stageContract } from './image/stage.js'
import { storesContract } from './image/stores.js'
import { systemScopeContract } from './image/system-scope.js'
import { objectsListingsXmlContract } from './object-store/listings-xml.js'
import { objectsQuotasContract } from './object-store/quotas.js'
import { objectsTempUrlContract } from './object-store/tempurl.js'
import { objectsUsageContract } from './object-store/usage.js'
import { tagsContract } from './image/tags.js'
import { tasksContract } from './image/tasks.js'
import { usageContract } from './image/usage.js'
import type { ContractTarget } from './target.js'

/** Registers every contract suite. */
export function contractSuites(makeTarget: () => Promise<ContractTarget>): void {
  for (const suite of suites) suite(makeTarget)
}

const suites = [
  identityContract,
  multiFactorContract,
  totpContract,
  projectsContract,
  usersContract,
  rolesContract,
  grantsContract,
  groupsContract,
  catalogContract,
  groupGrantsContract,
  identitySystemScopeContract,
  revocationContract,
  accessRulesContract,
  applicationCredentialsContract,
  credentialsContract,
  ec2CredentialsContract,
  imagesCreateContract,
  imagesRecordContract,
  imagesListContract,
  imagesPatchContract,
  membersContract,
  tagsContract,
  metadefNamespacesContract,
  metadefNamespacesListContract,
  metadefNamespacesRefusedContract,
  metadefFourByteContract,
  metadefObjectsContract,
  metadefPropertiesContract,
  metadefTagsContract,
  metadefResourceTypesContract,
  schemasContract,
  dataContract,
  stageContract,
  importContract,
  imageTasksContract,
  tasksContract,
  storesContract,
  systemScopeContract,
  fourByteContract,
  usageContract,
  locationsContract,
  locationImportContract,
  glanceDownloadContract,
  cacheContract,
  objectsContract,
  objectsAclContract,
  objectsExpiryContract,
  objectsBulkContract,
  objectsTempUrlContract,
  objectsQuotasContract,
  objectsListingsXmlContract,
  objectsUsageContract,
  objectsLargeContract,
  objectsSegmentsContract,
  objectsClientContract,
  clientContract,
  clientMetadefsContract,
  clientImportContract,
]
