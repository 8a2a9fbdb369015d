// The command and its threads as a few dozen files: to find and read several hundred was half of what a start took. Packages
// of others stay outside, but for those two that every process and every thread would read file by file.
import { chmodSync, copyFileSync, readFileSync, rmSync } from 'node:fs'
import { build } from 'esbuild'

const INSIDE = ['smol-toml', 'zod']
const outdir = 'dist/bundle'
const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'))
rmSync(outdir, { recursive: true, force: true })
await build({
  entryPoints: [
    'src/cli.ts',
    'workers/gather-worker.ts',
    'workers/intake-worker.ts',
    'workers/neighbour-worker.ts',
    'workers/search-index-worker.ts',
    'workers/shard-worker.ts',
    'workers/text-worker.ts',
  ],
  entryNames: '[name]',
  chunkNames: 'part-[hash]',
  outdir,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  external: Object.keys(dependencies).filter((name) => !INSIDE.includes(name)),
  legalComments: 'inline',
  logLevel: 'warning',
})
for (const name of INSIDE) copyFileSync(`node_modules/${name}/LICENSE`, `${outdir}/LICENSE.${name}`)
chmodSync(`${outdir}/cli.js`, 0o755)
