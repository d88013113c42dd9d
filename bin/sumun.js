#!/usr/bin/env node
import { existsSync } from 'node:fs'

// From a checkout the sources run as they are; Node strips no types under node_modules, so what is published is built.
const built = new URL('../dist/main.js', import.meta.url)
await import(existsSync(built) ? built.href : new URL('../src/main.ts', import.meta.url).href)
