// y: it is so. n: to what is wrong, with the arrows and the space bar from there on. s: skip.
const KEYS = ['y', 'n', 's']
const no = document.querySelector('[data-key="n"]')

no.hidden = false
no.addEventListener('click', () => (document.querySelector('.chip :checked') ?? document.querySelector('.chip input')).focus())

document.addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return
  if (!KEYS.includes(event.key)) return
  event.preventDefault()
  document.querySelector(`[data-key="${event.key}"]`).click()
})
