// Writes down what the programs make of the damaged files that the test suite decodes; to be run after a fixture has
// changed, where zstd is of version 1.5.4: node packages/sdk/fuzz/record.mjs
import { writeFileSync } from 'node:fs'
import { damagedSample, shortVerdict, verdictsPath } from './sample.mjs'
import { toolVerdicts } from './verdicts.mjs'

for (const compression of ['xz', 'zstd', 'bzip2']) {
  const sample = damagedSample(compression)
  const verdicts = await toolVerdicts(
    compression,
    sample.map(({ bytes }) => bytes),
  )
  const lines = verdicts.map((verdict, index) => `${sample[index].name} ${shortVerdict(verdict)}`)
  writeFileSync(verdictsPath(compression), `${lines.join('\n')}\n`)
}
