export type { CopyWay, ImageCopy, ImageCopyOptions, ImageCopyPlan } from './copy-options.js'
export type { Replacement, ReplacedImage } from './retire-images.js'
