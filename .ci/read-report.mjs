// Reads a report of vitest. Prints how many tests passed, failed and did not run; appends to a file, for each that failed,
// its name and what it said.
import { appendFileSync, readFileSync } from 'node:fs'
import path from 'node:path'

const [report, failures] = process.argv.slice(2)
const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(
  readFileSync(report, 'utf8'),
)

const firstLines = (text) =>
  text
    .split('\n')
    .filter((line) => !/node_modules|new Promise/.test(line))
    .slice(0, 6)
    .join('\n      ')
for (const { name, status, message, assertionResults } of testResults) {
  const file = path.relative(process.cwd(), name)
  const failed = assertionResults.filter((test) => test.status === 'failed')
  for (const { fullName, failureMessages } of failed) {
    appendFileSync(failures, `  ✘ ${file}: ${fullName}\n      ${failureMessages.map(firstLines).join('\n      ')}\n`)
  }
  // It did not load, or what it sets up failed.
  if (status === 'failed' && failed.length === 0) appendFileSync(failures, `  ✘ ${file}: ${firstLines(message)}\n`)
}

process.stdout.write(`${numPassedTests} ${numFailedTests} ${numPendingTests + numTodoTests}\n`)
