/** Disk formats a stock Glance accepts (`disk_formats` in glance/common/config.py). Operators can change the list. */
export const diskFormats = ['ami', 'ari', 'aki', 'vhd', 'vhdx', 'vmdk', 'raw', 'qcow2', 'vdi', 'iso', 'ploop'] as const
/** A disk format. The stock ones, for completion, or any other: operators configure which ones Glance accepts. */
export type DiskFormat = (typeof diskFormats)[number] | (string & {})

/** Container formats a stock Glance accepts (`container_formats` in glance/common/config.py). */
export const containerFormats = ['ami', 'ari', 'aki', 'bare', 'ovf', 'ova', 'docker', 'compressed'] as const
/** A container format. The stock ones, for completion, or any other: operators configure which ones Glance accepts. */
export type ContainerFormat = (typeof containerFormats)[number] | (string & {})
