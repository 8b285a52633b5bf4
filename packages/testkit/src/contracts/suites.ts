import { clientContract } from './client.js'
import { dataContract } from './data.js'
import { identityContract } from './identity.js'
import { imagesCreateContract } from './images-create.js'
import { imagesListContract } from './images-list.js'
import { imagesPatchContract } from './images-patch.js'
import { imagesRecordContract } from './images-record.js'
import { membersContract } from './members.js'
import { objectsContract } from './objects.js'
import { objectsClientContract } from './objects-client.js'
import { objectsLargeContract } from './objects-large.js'
import { objectsSegmentsContract } from './objects-segments.js'
import { tagsContract } from './tags.js'
import type { ContractTarget } from './target.js'

/** Registers every contract suite. */
export function contractSuites(makeTarget: () => Promise<ContractTarget>): void {
  for (const suite of suites) suite(makeTarget)
}

const suites = [
  identityContract,
  imagesCreateContract,
  imagesRecordContract,
  imagesListContract,
  imagesPatchContract,
  membersContract,
  tagsContract,
  dataContract,
  objectsContract,
  objectsLargeContract,
  objectsSegmentsContract,
  objectsClientContract,
  clientContract,
]
