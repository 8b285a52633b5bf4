/**
 * Quotas of a stock Glance (glance/common/config.py): over any of them it is 413. Lengths are those of its database's
 * columns (glance/db/sqlalchemy/models.py); a value's is that of MySQL's TEXT.
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
