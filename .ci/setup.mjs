// Installs what package-lock.json names and builds; says what is missing where a native part could not be built.
import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'

const run = (command, args) =>
  spawnSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32' }).status === 0

const isInstalled =
  existsSync('node_modules/.package-lock.json') &&
  statSync('node_modules/.package-lock.json').mtimeMs >= statSync('package-lock.json').mtimeMs

if (!isInstalled && !run('npm', ['ci', '--no-audit', '--no-fund'])) {
  const missing = [
    ['c++', '--version'],
    ['make', '--version'],
    ['python3', '--version'],
  ].filter(([tool, flag]) => spawnSync(tool, [flag]).status !== 0)
  console.error(
    '\nThe install failed. better-sqlite3 is compiled where its prebuilt file cannot be fetched, which needs a C++ compiler, make and Python 3.' +
      (missing.length > 0
        ? ` Not found here: ${missing.map(([tool]) => tool).join(', ')}. On Debian or Ubuntu: apt-get install build-essential python3`
        : ' They are all here, so the reason stands in the messages above.'),
  )
  process.exit(1)
}
if (!run('npm', ['run', '--silent', 'build'])) process.exit(1)
