/** oclif's dispatcher, for dynamic import: a bundled CommonJS module that is imported dynamically itself has no named exports. */
export { run } from '@oclif/core/run'
