/** Quotas of a stock Glance (glance/common/config.py). Over any of them: 413. */
export const imageLimits = {
  members: 128,
  properties: 128,
  tags: 128,
  locations: 10,
  nameLength: 255,
  propertyKeyLength: 255,
  tagLength: 255,
  sizeCapBytes: 1024 ** 4,
} as const
