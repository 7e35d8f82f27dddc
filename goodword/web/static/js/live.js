// An open page hears that something changed, and renews its list and its thread without a reload.
// What is being typed is never touched.
const panes = document.querySelector('[data-live]')
const GATHER = 150 // ms: several changes at once are one renewal

let waiting = null
let stream = null

function listen() {
  stream = new EventSource(panes.dataset.live)
  stream.addEventListener('change', event => {
    show(JSON.parse(event.data))
    clearTimeout(waiting)
    waiting = setTimeout(renew, GATHER)
  })
  stream.addEventListener('bye', () => { stream.close(); location.reload() })
}

function show(pulse) {
  const open = pulse.open.toLocaleString(document.documentElement.lang)
  for (const count of document.querySelectorAll('#waiting-count, .tabbar-count')) count.textContent = open
  document.dispatchEvent(new CustomEvent('goodword:news', { detail: pulse.news }))
}

async function renew() {
  await Promise.all([...document.querySelectorAll('[data-renew]:not([data-still])')].map(renewOne))
  document.dispatchEvent(new CustomEvent('goodword:renewed'))
}

async function renewOne(part) {
  const headers = { 'X-Requested-With': 'fetch' }
  if (part.id === 'thread' && isSeen(part)) headers['X-Seen'] = '1' // its notices are read by that
  const answer = await fetch(part.dataset.renew, { headers })
  if (!answer.ok || answer.redirected) return
  const html = await answer.text()
  if (html === part.lastHtml) return
  part.lastHtml = html
  const atEnd = part.scrollHeight - part.scrollTop - part.clientHeight < 40
  const opened = [...part.querySelectorAll('details[open]')].length
  if (opened) return // somebody is reading or choosing there: the next change renews it
  part.innerHTML = html
  if (part.id === 'thread' && atEnd) part.scrollTop = part.scrollHeight
}

function isSeen(part) {
  return !document.hidden && panes.dataset.pane === 'thread' && part.offsetParent !== null
}

if (panes) {
  listen()
  addEventListener('pagehide', () => stream?.close())
  addEventListener('pageshow', event => { if (event.persisted) listen() })
  const thread = document.getElementById('thread')
  if (thread) thread.scrollTop = thread.scrollHeight
}
