export type { ImageQuotas } from './image-quotas.js'
export type { ImageUsage, QuotaUsage } from './image-usage.js'
