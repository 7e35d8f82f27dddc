// The composer: counts what is typed as the channel does, tells colleagues that one is writing, shows the
// picture, and sends on Ctrl+Enter. What is typed is kept by drafts.js.
const box = document.getElementById('composer')
const form = box?.querySelector('form[data-reply]')

const COUNT_AFTER = 250 // ms without a key
const PART = { 'X-Requested-With': 'fetch' } // a part of this page: it changes nothing of where one is
const CLAIM_EVERY = 15_000 // ms; a claim lasts three times as long

if (form) {
  const field = form.elements.text
  const token = form.elements.csrfmiddlewaretoken.value
  countAsTheChannel(field, token)
  tellColleagues(field, token)
  sendWithKeys(field)
  showPicture()
  rememberWhatWasSeen()
}

function countAsTheChannel(field, token) {
  const shown = box.querySelector('[data-length]')
  let waiting = null
  const count = async () => {
    const body = new URLSearchParams({ text: field.value, csrfmiddlewaretoken: token })
    const answer = await fetch(box.dataset.lengths, { method: 'POST', body, headers: PART })
    if (answer.ok && !answer.redirected) shown.innerHTML = await answer.text()
  }
  // Of the whole form: words that were kept come back into it, too.
  form.addEventListener('input', () => { clearTimeout(waiting); waiting = setTimeout(count, COUNT_AFTER) })
  if (field.value) count()
}

function tellColleagues(field, token) {
  let told = 0
  const tell = extra => {
    const body = new URLSearchParams({ csrfmiddlewaretoken: token, ...extra })
    return fetch(box.dataset.claims, { method: 'POST', body, headers: PART, keepalive: true })
  }
  field.addEventListener('input', () => {
    if (Date.now() - told < CLAIM_EVERY) return
    told = Date.now()
    tell({})
  })
  addEventListener('pagehide', () => { if (told) tell({ release: '1' }) })
}

function sendWithKeys(field) {
  let sending = false
  field.addEventListener('keydown', event => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      form.requestSubmit(form.querySelector('[data-send]') ?? undefined)
    }
  })
  form.addEventListener('submit', event => {
    if (sending) event.preventDefault()
    sending = true
  })
  addEventListener('pageshow', () => { sending = false })
}

function showPicture() {
  const file = form.querySelector('[data-file]')
  const part = form.querySelector('[data-picture]')
  if (!file) return
  file.addEventListener('change', () => {
    part.hidden = !file.files.length
    form.elements.alt.required = Boolean(file.files.length)
    if (!file.files.length) return
    part.querySelector('[data-preview]').src = URL.createObjectURL(file.files[0])
    form.elements.alt.focus()
  })
}

// The server refuses to overlook an answer of a colleague: it must know the newest that was on screen
// when the writing began, so that one that arrives meanwhile is noticed.
function rememberWhatWasSeen() {
  const thread = document.getElementById('thread')
  const seen = form.querySelector('[data-seen]')
  document.addEventListener('goodword:renewed', () => {
    if (!form.elements.text.value.trim() && thread.dataset.newestAnswer) seen.value = thread.dataset.newestAnswer
  })
}
