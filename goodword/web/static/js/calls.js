// In a note a colleague is called by @name: one touch puts the name where the words stand.
for (const names of document.querySelectorAll('[data-calls]')) {
  const field = document.getElementById(names.dataset.calls)
  names.hidden = false
  names.addEventListener('click', event => {
    const name = event.target.closest('button')?.textContent
    if (!name) return
    const before = field.value.slice(0, field.selectionStart)
    const gap = before && !/\s$/.test(before) ? ' ' : ''
    field.setRangeText(`${gap}${name} `, field.selectionStart, field.selectionEnd, 'end')
    field.focus()
  })
}
