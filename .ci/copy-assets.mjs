// What tsc leaves behind: the migrations are read at run time, and the command must be executable.
import { chmodSync, cpSync } from 'node:fs'

cpSync('db/migrations', 'dist/db/migrations', { recursive: true })
chmodSync('dist/src/cli.js', 0o755)
