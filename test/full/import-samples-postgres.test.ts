import { postgres } from '../support/engines.ts'
import { testSamples } from '../support/import-samples.ts'

// A file for each engine, since together they take longer than a file may.
testSamples(postgres)
