import { keepToken } from '../api.ts'
import { h } from '../dom.ts'

/** Where the page was opened without its link, or with an old one. */
export function askForToken(main: HTMLElement): void {
  const input = h('input', { id: 'token', type: 'password', autocomplete: 'off', required: true })
  const form = h(
    'form.stack',
    {},
    h('label', { for: 'token' }, 'Token'),
    input,
    h('button', { type: 'submit' }, 'Open'),
  )
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    keepToken(input.value.trim())
    location.reload()
  })
  main.replaceChildren(
    h('h1', { tabindex: '-1' }, 'This page is locked'),
    h(
      'div.view.narrow',
      {},
      h(
        'p',
        {},
        'Open the link that ',
        h('code', {}, 'rff-shard serve'),
        ' printed, or paste the token that stands in ',
        h('code', {}, 'page.token'),
        ' of the workspace.',
      ),
      form,
    ),
  )
}
