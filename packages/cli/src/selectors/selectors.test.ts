import type { Image } from '@tyrax/sdk'
import { expect, test } from 'vitest'
import { readings } from './describe.js'
import { matches } from './matches.js'
import { parseSelector, readReference } from './parse-selector.js'
import { serverFilters } from './server-filters.js'

const now = Date.parse('2026-11-30T12:00:00Z')
const image = {
  id: 'abcd1234-0000-4000-8000-000000000001',
  name: 'ci-build, "nightly"',
  status: 'active',
  visibility: 'private',
  protected: false,
  osHidden: false,
  size: 2 * 2 ** 30,
  virtualSize: null,
  minDisk: 10,
  minRam: 512,
  diskFormat: 'qcow2',
  containerFormat: 'bare',
  owner: 'p1',
  checksum: null,
  osHashAlgo: 'sha512',
  osHashValue: 'ff',
  tags: ['ci', 'nightly'],
  stores: 'fast,slow',
  properties: { os_distro: 'debian', 'my.key': 'a|b', empty: '' },
  createdAt: new Date('2026-10-31T11:59:59Z'),
  updatedAt: new Date('2026-11-30T00:00:00Z'),
} as unknown as Image

test.each([
  ['tag=ci', 'tag=ops'],
  ['tag!=ops', 'tag!=ci'],
  ['tag=ops|ci', 'tag!=ops|ci'],
  ['tag~night*', 'tag!~night*'],
  ['tag=ci,tag=nightly', 'tag=ci,tag=ops'],
  ['created_at<30d', 'created_at>30d'],
  ['age>30d', 'age<30d'],
  ['age>4w', 'age>5w'],
  ['created_at<-30d', 'created_at<31d'],
  ['created_at=2026-10-31', 'created_at!=2026-10-31'],
  ['created_at<2026-11-01', 'created_at<2026-10-31'],
  ['created_at<=2026-10-31', 'created_at>2026-10-31'],
  ['created_at>=2026-10-31', 'created_at>=2026-11-01'],
  ['created_at=2026-10-31T11:59:59Z', 'created_at=2026-10-31T11:59:58Z'],
  ['created_at=2026-10-31 11:59', 'created_at=2026-10-31T11:58'],
  ['created_at=2026-10-31T13:59:59+02:00', 'created_at>2026-10-31T11:59:59Z'],
  ['updated_at>1d', 'updated_at<1d'],
  ['size>1G', 'size>2G'],
  ['size>=2GiB', 'size<2G'],
  ['size=2147483648', 'size!=2G'],
  ['size!=1G', 'virtual_size<1G'],
  ['size!=3G', 'virtual_size!=1G'],
  ['min_disk=10', 'min_disk<10G'],
  ['min_ram<=512', 'min_ram>512M'],
  ['name="ci-build, \\"nightly\\""', 'name="ci-build"'],
  [`name='ci-build, "nightly"'`, 'name~"ci-*,x"'],
  ['name~ci-*', 'name~CI-*'],
  ['name~"ci-?????, *"', 'name~ci-?'],
  ['name!=debian|ubuntu', 'name!~*nightly*'],
  ['status=active|queued', 'status!=active'],
  ['visibility=private', 'visibility=public|shared'],
  ['protected=no', 'protected=true'],
  ['protected!=true', 'os_hidden=yes'],
  ['hidden=false', 'hidden!=false'],
  ['checksum=', 'checksum!='],
  ['os_distro=debian', 'os_distro!=debian'],
  ['hw_disk_bus!~*', 'hw_disk_bus=virtio'],
  ['os_distro!=ubuntu', 'hw_disk_bus!=virtio'],
  ['properties.my.key="a|b"', 'properties.my.key=a|b'],
  ['properties.empty=', 'properties.absent='],
  ['properties.empty~*', 'properties.absent~*'],
  ['store=slow', 'store=other'],
  ['Disk-Format = qcow2 , OWNER = p1', 'disk_format=qcow2, owner=p2'],
  ['id~abcd*', 'id=abcd'],
])('%s matches, and %s does not', (yes, no) => {
  expect([yes, no].map((text) => matches(parseSelector(text, now), image))).toEqual([true, false])
})

test.each([
  ['tga=ci', 'did you mean tag?'],
  ['tag=ci,craeted_at<30d', 'did you mean created_at?'],
  ['distro=debian', 'properties.distro'],
  ['os_hiden!=true', 'did you mean os_hidden?'],
  ['os_distor!=debian', 'did you mean os_distro?'],
  ['direct_url=x', 'the fields are'],
  ['tag=ci,', 'after the comma'],
  ['tag=ci,,age>1d', 'after the comma'],
  ['tag', 'FIELD OPERATOR VALUE'],
  ['', 'FIELD OPERATOR VALUE'],
  ['tag=', 'needs a value'],
  ['tag<ci', 'is text'],
  ['name="a', 'is not closed'],
  ['name="a"b', 'is not closed'],
  ['size>big', 'size such as'],
  ['size>10MB', 'size such as'],
  ['size>1G|2G', 'compares with one value'],
  ['size~1*', 'is a number'],
  ['status=actve', 'did you mean active?'],
  ['status!=actve', 'did you mean active?'],
  ['visibility=everyone', 'it is one of public'],
  ['disk_format!=qcow', 'did you mean qcow2?'],
  ['protected=1', 'is true or false'],
  ['protected<true', 'is true or false'],
  ['created_at=30d', 'by < or >'],
  ['age=30d', 'with < or >'],
  ['age>30', 'needs an age'],
  ['created_at<30', 'needs an age such as'],
  ['created_at<2026-02-31', 'needs an age such as'],
  ['created_at<2026-13-01', 'needs an age such as'],
  ['created_at~2026*', 'is a time'],
])('%s is refused', (text, words) => {
  let error: { name?: string; message?: string; hint?: string } = {}
  try {
    parseSelector(text, now)
  } catch (caught) {
    error = caught as typeof error
  }
  expect(error).toMatchObject({ name: 'UsageError' })
  expect(`${error.message} ${error.hint}`).toContain(words)
})

test.each(['debian-13', 'a=b', 'debian-13.0~rc1', 'x<y', 'a,b', '=ci', '"tag"=ci', 'my image = old', 'tagged=ci'])(
  '%s is a name',
  (text) => {
    expect(readReference(text, now)).toEqual({ kind: 'name', name: text })
  },
)

test.each(['tga=ci', 'distro=debian,age>30d', 'craeted_at<30d'])('%s is a name, if there is one', (text) => {
  expect(readReference(text, now)).toMatchObject({ kind: 'name', doubt: { name: 'UsageError' } })
})

test('the server filters what it can', () => {
  const filters = serverFilters(
    parseSelector('tag=ci,tag=b,status=queued|active,size>1G,age>30d,os_distro=debian,name~x*,owner=p', now),
  )
  expect(filters).toEqual({
    tag: ['ci', 'b'],
    status: ['queued', 'active'],
    sizeMin: 2 ** 30 + 1,
    createdAt: { lt: new Date('2026-10-31T12:00:00Z') },
    properties: { os_distro: 'debian' },
    owner: 'p',
  })
  expect(
    serverFilters(parseSelector('tag!=ci,name="a\\"b"|c,visibility=a|b'.replace('a|b', 'public|shared'), now)),
  ).toEqual({
    visibility: 'all',
  })
  expect(serverFilters(parseSelector('properties.limit=1,properties.size_min=2,min_disk=1', now))).toEqual({})
})

test('times that are read as ages are said', () => {
  expect(readings(parseSelector('tag=ci,created_at<30d,updated_at>12h,age>30d,created_at<2026-01-01', now))).toEqual([
    'created_at<30d: created before 2026-10-31 12:00:00 UTC, more than 30d ago',
    'updated_at>12h: last changed after 2026-11-30 00:00:00 UTC, less than 12h ago',
    'age>30d: created before 2026-10-31 12:00:00 UTC, more than 30d ago',
  ])
})
