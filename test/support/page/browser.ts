/** A real Chromium without a window, as the page meets it on somebody's machine. */
import { spawnSync } from 'node:child_process'
import { type Browser, chromium } from 'playwright-core'

const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--enable-unsafe-swiftshader', // draws WebGL without a graphics card
]

/** @throws Error with what to install */
export async function openBrowser(): Promise<Browser> {
  const found = spawnSync('which', ['chromium'], { encoding: 'utf8' }).stdout.trim()
  if (found === '') throw new Error('no chromium here; on Debian: apt-get install chromium')
  return chromium.launch({ executablePath: found, headless: true, args: QUIET })
}
