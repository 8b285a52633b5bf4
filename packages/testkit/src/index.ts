export { type Fixture, type FixtureName, fixture, fixturePath, fixtures } from './fixtures/fixtures.js'
