import { defineConfig } from 'vite'

// biome-ignore lint/style/noDefaultExport: Vite wants one
export default defineConfig({ build: { target: 'es2024', emptyOutDir: true, outDir: '../dist' } })
