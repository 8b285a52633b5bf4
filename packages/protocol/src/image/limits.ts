/**
 * Quotas of a stock Glance (glance/common/config.py): exceeding any of them is a 413. Lengths are those of its database
 * columns (glance/db/sqlalchemy/models.py); the length of a value is that of MySQL's TEXT.
 */
export const imageLimits = {
  members: 128,
  properties: 128,
  tags: 128,
  locations: 10,
  nameLength: 255,
  propertyKeyLength: 255,
  propertyValueBytes: 65_535,
  memberLength: 255,
  tagLength: 255,
  sizeCapBytes: 1024 ** 4,
} as const
