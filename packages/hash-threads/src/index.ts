export {
  createHashThreads,
  type Digests,
  type HashThreads,
  type HashThreadsOptions,
  type ThreadHash,
  type ThreadOwner,
  type ThreadWork,
} from './hash-threads.js'
export {
  type Block,
  blockBytes,
  createSharedBlocks,
  type SharedBlocks,
  type SharedBlocksOptions,
} from './shared-blocks.js'
