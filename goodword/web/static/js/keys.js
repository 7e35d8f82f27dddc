// Single keys, as the field knows them: j k r n t e a w l / ?. Off while something is being typed.
const help = document.getElementById('keys-help')

const KEYS = {
  j: () => go(1),
  k: () => go(-1),
  r: () => focus('[data-key="r"]'),
  n: () => openNote(),
  t: () => press('[data-key="t"]'),
  e: () => document.querySelector('form[data-key="e"]')?.requestSubmit(),
  a: () => openMenu('[data-key="a"]'),
  w: () => { location.href = '/said/' },
  l: () => { location.href = '/log/' },
  '/': () => { location.href = '/search/' },
  '?': () => help?.showModal(),
}

document.addEventListener('keydown', event => {
  if (event.key === 'Escape') { escape(); return }
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || help?.open) return
  const act = KEYS[event.key]
  if (!act) return
  event.preventDefault()
  act()
})

function isTyping(element) {
  return element.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(element.tagName)
}

function go(step) {
  const rows = [...document.querySelectorAll('[data-list] a.list-row')]
  const here = rows.findIndex(row => row.getAttribute('aria-current'))
  const next = rows[here + step]
  if (next) next.click()
}

function focus(selector) {
  document.querySelector(selector)?.focus()
}

function press(selector) {
  document.querySelector(selector)?.click()
}

function openNote() {
  const box = document.querySelector('[data-key="n"]')?.closest('details')
  if (!box) return
  box.open = true
  box.querySelector('textarea').focus()
}

function openMenu(selector) {
  const menu = document.querySelector(selector)?.closest('details')
  if (!menu) return
  menu.open = !menu.open
  menu.querySelector('.menu-list button')?.focus()
}

function escape() {
  document.activeElement?.blur()
  for (const menu of document.querySelectorAll('details.menu[open]')) menu.open = false
}

// A menu closes when one looks elsewhere.
document.addEventListener('click', event => {
  for (const menu of document.querySelectorAll('details.menu[open]')) {
    if (!menu.contains(event.target)) menu.open = false
  }
})
