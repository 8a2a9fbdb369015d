/** Light, dark, or as the system is: what was chosen is kept on this machine. */
import { h } from './dom.ts'

const KEPT_AS = 'rff-shard theme'
const THEMES = ['system', 'light', 'dark'] as const
type Theme = (typeof THEMES)[number]

const chosen = (): Theme => THEMES.find((theme) => theme === localStorage.getItem(KEPT_AS)) ?? 'system'

export function applyTheme(): void {
  document.documentElement.dataset.theme = chosen()
}

/** Told when the colours change, by choice or with the system. */
export function onTheme(watcher: () => void, signal: AbortSignal): void {
  document.addEventListener('rff-theme', watcher, { signal })
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', watcher, { signal })
}

export function themeSwitch(): HTMLElement {
  const button = h('button.quiet', { type: 'button', id: 'theme' })
  const show = (): void => {
    button.textContent = `Theme: ${chosen()}`
  }
  button.addEventListener('click', () => {
    const next = THEMES[(THEMES.indexOf(chosen()) + 1) % THEMES.length] ?? 'system'
    localStorage.setItem(KEPT_AS, next)
    applyTheme()
    show()
    document.dispatchEvent(new Event('rff-theme'))
  })
  show()
  return button
}

/** A colour of the style sheet as it is now, for what draws on a canvas. */
export function colour(name: string): string {
  const probe = h('span', {})
  probe.style.color = `var(${name})`
  document.body.append(probe)
  const value = getComputedStyle(probe).color
  probe.remove()
  return value
}
