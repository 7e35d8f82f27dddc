// What is typed into a form with data-draft stays, whatever the connection does: it is kept in this browser
// until the server has taken it. The page after that carries #taken-KEY, with the key of the form.
// Ctrl+Enter sends it.
const PREFIX = 'goodword-typed-'
const SKIPPED = ['hidden', 'file', 'password', 'submit']

forgetWhatWasTaken()
for (const form of document.querySelectorAll('form[data-draft]')) keep(form)

function keep(form) {
  const name = PREFIX + form.dataset.draft
  const kept = read(name)
  if (kept && !('given' in form.dataset)) fill(form, kept.fields)
  form.addEventListener('input', () => write(name, form))
  form.addEventListener('change', () => write(name, form))
  form.addEventListener('keydown', event => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) { event.preventDefault(); form.requestSubmit() }
  })
  form.addEventListener('submit', () => write(name, form)) // with the key under which it goes out now
  if ('given' in form.dataset) write(name, form)
}

function write(name, form) {
  const fields = {}
  for (const field of form.elements) {
    if (!field.name || SKIPPED.includes(field.type)) continue
    if (['checkbox', 'radio'].includes(field.type)) { if (field.checked) fields[field.name] = field.value }
    else fields[field.name] = field.value
  }
  const isEmpty = ![...form.querySelectorAll('textarea')].some(area => area.value.trim())
  if (isEmpty) localStorage.removeItem(name)
  else localStorage.setItem(name, JSON.stringify({ key: form.elements.key?.value, fields }))
}

function fill(form, fields) {
  for (const field of form.elements) {
    if (!field.name || SKIPPED.includes(field.type)) continue
    if (['checkbox', 'radio'].includes(field.type)) field.checked = fields[field.name] === field.value
    else if (field.name in fields) field.value = fields[field.name]
  }
  form.dispatchEvent(new Event('input', { bubbles: true }))
  for (const box of form.querySelectorAll('details')) {
    if ([...box.querySelectorAll('input, textarea')].some(field => field.checked || (field.type !== 'checkbox' && field.value))) box.open = true
  }
}

function forgetWhatWasTaken() {
  const taken = location.hash.match(/^#taken-(\w+)$/)?.[1]
  if (!taken) return
  for (const name of Object.keys(localStorage)) {
    if (name.startsWith(PREFIX) && read(name)?.key === taken) localStorage.removeItem(name)
  }
  history.replaceState(history.state, '', location.pathname + location.search)
}

function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name))
  } catch {
    return null // not ours
  }
}
