// The switch of brands: b opens it, words find one among many, Enter goes to the first that is left.
const menu = document.querySelector('[data-switch]')
const search = menu?.querySelector('[data-switch-search]')

if (menu) {
  if (search) search.hidden = false
  document.addEventListener('keydown', event => {
    if (event.key === 'Escape' && menu.open) close()
    if (event.key !== 'b' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
    event.preventDefault()
    menu.open = !menu.open
  })
  menu.addEventListener('toggle', () => { if (menu.open) (search ?? buttons()[0])?.focus() })
  menu.addEventListener('keydown', event => {
    if (event.key === 'ArrowDown') step(event, 1)
    if (event.key === 'ArrowUp') step(event, -1)
  })
  search?.addEventListener('input', find)
  search?.addEventListener('keydown', event => {
    if (event.key !== 'Enter') return
    event.preventDefault()
    buttons()[0]?.click()
  })
  document.addEventListener('click', event => { if (!menu.contains(event.target)) menu.open = false })
}

function isTyping(element) {
  return element.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(element.tagName)
}

function buttons() {
  return [...menu.querySelectorAll('li:not([hidden]) :is(a, button)')]
}

function find() {
  const words = search.value.trim().toLowerCase()
  for (const row of menu.querySelectorAll('li')) row.hidden = Boolean(words) && !row.dataset.name?.includes(words)
  menu.querySelector('[data-switch-none]').hidden = buttons().length > 0
}

function step(event, by) {
  const all = [search, ...buttons()].filter(Boolean)
  const next = all[all.indexOf(document.activeElement) + by]
  if (!next) return
  event.preventDefault()
  next.focus()
}

function close() {
  menu.open = false
  menu.querySelector('summary').focus()
}
