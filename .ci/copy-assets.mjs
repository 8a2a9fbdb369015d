// What tsc leaves behind: the migrations are read at run time.
import { cpSync, rmSync } from 'node:fs'

// All that lie there are applied, also one that is gone from the source.
rmSync('dist/db/migrations', { recursive: true, force: true })
cpSync('db/migrations', 'dist/db/migrations', { recursive: true })
