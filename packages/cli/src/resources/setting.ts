import { describeOrigin, isSecretKey, shownUrl } from '@tyrax/sdk/internal'

type Origin = Parameters<typeof describeOrigin>[0]

/** What is shown in place of a secret. */
export const masked = '********'

/** A value of the configuration as it may be printed and pasted: secrets are masked. */
export function settingShown(key: string, value: unknown): unknown {
  if (isSecretKey(key)) return masked
  if (typeof value !== 'string') return value
  if (value.includes('-----BEGIN ')) return 'the text of a certificate or key'
  return value.includes('://') ? shownUrl(value) : value
}

/** `clouds.demo.auth.username in /etc/openstack/clouds.yaml:4` */
export function originShown(origin: Origin, line: number | undefined): string {
  return `${describeOrigin(origin)}${line === undefined ? '' : `:${line}`}`
}
