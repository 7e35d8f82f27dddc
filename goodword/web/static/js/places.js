// Back in the list one stands where one was: the place is kept for each list until this window closes.
const list = document.getElementById('list')
const pane = document.querySelector('.panes')?.dataset.pane
const name = `goodword-place-${location.search}`

if (list && pane === 'list') {
  const kept = Number(sessionStorage.getItem(name))
  if (kept) list.scrollTop = kept
  list.addEventListener('scroll', () => sessionStorage.setItem(name, Math.round(list.scrollTop)), { passive: true })
  // The way back from a conversation leads to the same list.
  sessionStorage.setItem('goodword-list', location.pathname + location.search)
}

const back = document.querySelector('a[data-back-to-list]')
const from = sessionStorage.getItem('goodword-list')
if (back && from) back.href = from
