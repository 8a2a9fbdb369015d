// The page for browsers: one bundle with a part that is loaded when the graph is opened. Nothing comes from elsewhere.
import { cpSync, mkdirSync, rmSync } from 'node:fs'
import { build } from 'esbuild'

const outdir = 'dist/src/web/assets'
rmSync(outdir, { recursive: true, force: true })
mkdirSync(outdir, { recursive: true })
await build({
  entryPoints: ['src/web/page/main.ts'],
  outdir,
  bundle: true,
  splitting: true,
  format: 'esm',
  target: ['chrome123', 'firefox120', 'safari17.5'],
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
  chunkNames: 'part-[hash]',
})
for (const file of ['index.html', 'icon.svg']) cpSync(`src/web/page/${file}`, `${outdir}/${file}`)
