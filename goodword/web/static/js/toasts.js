// A toast leaves by itself, but never while somebody points at it or has the focus in it.
const STAYS = 8000 // milliseconds: long enough to read two lines and to reach "Undo"

function watch(toast) {
  if (toast.dataset.toast === 'watched') return
  toast.dataset.toast = 'watched'
  const close = toast.querySelector('[data-toast-close]')
  close.hidden = false
  close.addEventListener('click', () => toast.remove())
  if (toast.getAttribute('role') === 'alert') return // an error stays until it was read
  let timer = setTimeout(() => toast.remove(), STAYS)
  for (const enter of ['pointerenter', 'focusin']) toast.addEventListener(enter, () => clearTimeout(timer))
  for (const leave of ['pointerleave', 'focusout']) {
    toast.addEventListener(leave, () => { timer = setTimeout(() => toast.remove(), STAYS) })
  }
}

const toasts = document.getElementById('toasts')
const watchAll = () => toasts.querySelectorAll('[data-toast]').forEach(watch)
new MutationObserver(watchAll).observe(toasts, { childList: true, subtree: true })
watchAll()
