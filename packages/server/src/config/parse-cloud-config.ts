import { visibilities } from '@tyrax/protocol'
import { z } from 'zod'
import { hashAlgorithms } from '../blobs/hash-algorithms.js'
import {
  isReadOnly,
  type CloudConfig,
  type ImageConfig,
  type ImageConfigInput,
  type StoreConfig,
  type UserConfig,
} from './cloud-config.js'
import { findIdentityContradictions, identitySchema } from './identity-schema.js'
import { ConfigError } from './config-error.js'
import { defaultCacheSizeBytes, defaultCloudConfig } from './defaults.js'

const name = z.string().trim().min(1).max(64)
const count = z.number().int().nonnegative()
const allowed = z
  .array(z.string().min(1))
  .refine((roles) => !(roles.includes('@') && roles.includes('!')), 'has "@" (everyone) and "!" (nobody)')
const propertyProtection = z.strictObject({
  property: z.string().refine(isExpression, 'is no regular expression'),
  create: allowed,
  read: allowed,
  update: allowed,
  delete: allowed,
})
const formats = z.array(z.string().min(1).max(20)).min(1)
const hosts = z.array(z.string().trim().toLowerCase().min(1))
const ports = z.array(z.number().int().min(1).max(65_535))

const configSchema = z.strictObject({
  region: name.optional(),
  tokenLifeSeconds: z.number().int().positive().optional(),
  projects: z.array(name).optional(),
  users: z
    .array(
      z.strictObject({
        name,
        password: z.string().min(1),
        project: name,
        roles: z.array(z.enum(['admin', 'manager', 'member', 'reader', 'service'])).min(1),
        totpSecret: z
          .string()
          .regex(/^[A-Z2-7]{26,}=*$/, 'is base32: 26 or more of A-Z and 2-7')
          .optional(),
      }),
    )
    .min(1)
    .optional(),
  identity: identitySchema.optional(),
  image: z
    .strictObject({
      stores: z
        .array(
          z.strictObject({
            id: z.string().regex(/^[\w.-]+$/, 'has letters, digits, ".", "_" and "-" only'),
            description: z.string().optional(),
            type: z.enum(['file', 'http']).optional(),
            default: z.boolean().optional(),
            readOnly: z.boolean().optional(),
          }),
        )
        .optional(),
      importMethods: z.array(z.enum(['glance-direct', 'web-download', 'copy-image', 'glance-download'])).optional(),
      importFilter: z
        .strictObject({
          allowedSchemes: hosts.optional(),
          disallowedSchemes: hosts.optional(),
          allowedHosts: hosts.optional(),
          disallowedHosts: hosts.optional(),
          allowedPorts: ports.optional(),
          disallowedPorts: ports.optional(),
        })
        .optional(),
      remoteRegions: z.array(z.strictObject({ region: name, url: z.url({ protocol: /^https?$/ }) })).optional(),
      importIdleSeconds: z.number().positive().max(86_400).optional(),
      quotas: z
        .strictObject({
          members: count.optional(),
          properties: count.optional(),
          tags: count.optional(),
          locations: count.optional(),
          imageSizeCapBytes: count.optional(),
          imageSizeTotalMiB: count.optional(),
          imageStageTotalMiB: count.optional(),
          imageCountTotal: count.optional(),
          imageCountUploading: count.optional(),
        })
        .optional(),
      requireFormatMatch: z.boolean().optional(),
      diskFormats: formats.optional(),
      containerFormats: formats.optional(),
      hashAlgorithm: z.enum(hashAlgorithms).optional(),
      defaultVisibility: z.enum(visibilities).optional(),
      showMultipleLocations: z.boolean().optional(),
      showDirectUrl: z.boolean().optional(),
      cache: z.union([z.boolean(), z.strictObject({ maxSizeBytes: count.optional() })]).optional(),
      propertyProtections: z.array(propertyProtection).optional(),
      metadefs: z.enum(['builtin', 'none']).optional(),
    })
    .optional(),
})

/**
 * Checks a configuration and fills in the defaults.
 * @throws ConfigError naming every invalid place
 */
export function parseCloudConfig(value: unknown): CloudConfig {
  const parsed = configSchema.safeParse(value)
  if (!parsed.success) throw new ConfigError(parsed.error.issues.map(describeIssue))
  const given = withoutUndefined(parsed.data)
  const config: CloudConfig = {
    ...defaultCloudConfig,
    ...given,
    projects: given.projects ?? [...new Set((given.users ?? defaultCloudConfig.users).map(({ project }) => project))],
    users: given.users ?? defaultCloudConfig.users,
    identity: { ...defaultCloudConfig.identity, ...withoutUndefined(given.identity ?? {}) },
    image: {
      ...defaultCloudConfig.image,
      ...withoutUndefined(given.image ?? {}),
      importFilter: { ...defaultCloudConfig.image.importFilter, ...withoutUndefined(given.image?.importFilter ?? {}) },
      quotas: { ...defaultCloudConfig.image.quotas, ...withoutUndefined(given.image?.quotas ?? {}) },
      cache: readCache(given.image?.cache),
    },
  }
  const problems = findContradictions(config)
  if (problems.length > 0) throw new ConfigError(problems)
  return config
}

function readCache(given: ImageConfigInput['cache']): ImageConfig['cache'] {
  if (given === undefined || given === false) return undefined
  return { maxSizeBytes: (given === true ? undefined : given.maxSizeBytes) ?? defaultCacheSizeBytes }
}

function isExpression(text: string): boolean {
  try {
    return text !== '' && new RegExp(text, 'u') instanceof RegExp
  } catch {
    return false
  }
}

function describeIssue({ path, message }: { readonly path: readonly PropertyKey[]; readonly message: string }): string {
  const place = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('')
  return place === '' ? message : `${place.replace(/^\./, '')}: ${message}`
}

function findContradictions({ region, projects, users, image, identity }: CloudConfig): string[] {
  const problems: string[] = []
  const first = new Map<string, UserConfig>()
  for (const [index, user] of users.entries()) {
    if (!projects.includes(user.project)) {
      problems.push(`users[${index}].project: "${user.project}" is not among projects (${projects.join(', ')})`)
    }
    const same = first.get(user.name) ?? user
    for (const key of ['password', 'totpSecret'] as const) {
      if (same[key] !== user[key]) problems.push(`users[${index}].${key}: "${user.name}" has a different one above`)
    }
    first.set(user.name, same)
  }
  problems.push(...findStoreContradictions(image.stores), ...findIdentityContradictions(identity))
  const regions = [region, ...image.remoteRegions.map((each) => each.region)]
  if (new Set(regions).size < regions.length) {
    problems.push('image.remoteRegions: two entries have the same region, or one has that of this cloud')
  }
  return problems
}

function findStoreContradictions(stores: readonly StoreConfig[]): string[] {
  const problems: string[] = []
  const ids = stores.map(({ id }) => id)
  if (new Set(ids).size < ids.length) problems.push('image.stores: two stores have the same id')
  if (stores.filter((store) => store.default).length > 1)
    problems.push('image.stores: two stores are marked as the default')
  for (const [index, store] of stores.entries()) {
    if (store.default === true && isReadOnly(store)) {
      problems.push(`image.stores[${index}]: "${store.id}" is read-only, so it cannot be the default`)
    }
    if (store.type === 'http' && store.readOnly === false) {
      problems.push(`image.stores[${index}].readOnly: a store of type http is always read-only`)
    }
  }
  if (stores.length > 0 && stores.every(isReadOnly)) {
    problems.push('image.stores: all stores are read-only; add one of type file that is not')
  }
  return problems
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> }

function withoutUndefined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Defined<T>
}
