export { withFaults } from './engine.js'
export { parseFaultPlan, type FaultPlan } from './plan.js'
