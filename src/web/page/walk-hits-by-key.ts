import { isTyping } from './keys.ts'

/** j and k go from hit to hit. */
export function walkHitsByKey(container: HTMLElement, signal: AbortSignal): void {
  addEventListener(
    'keydown',
    (event) => {
      if ((event.key !== 'j' && event.key !== 'k') || isTyping(event.target)) return
      const stops = [...container.querySelectorAll<HTMLElement>('.hit > a, a.stop')]
      const at = stops.indexOf(document.activeElement as HTMLElement)
      stops[event.key === 'j' ? at + 1 : Math.max(0, at - 1)]?.focus()
    },
    { signal },
  )
}
