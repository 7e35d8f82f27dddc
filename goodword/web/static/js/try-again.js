// The page without a network: goes on by itself as soon as there is one.
const again = document.querySelector('[data-try-again]')

function tryAgain() {
  if (location.pathname !== '/offline/') location.reload()
  else if (history.length > 1) history.back() // to the page where a form was typed
  else location.href = again.href
}

again.addEventListener('click', event => { event.preventDefault(); tryAgain() })
addEventListener('online', tryAgain)
