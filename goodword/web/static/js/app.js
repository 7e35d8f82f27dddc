// Goodword as an app: its service worker is put in place, and a device that lost its sign-in asks anew.
const device = document.body.dataset.device

if ('serviceWorker' in navigator && isSecureContext) {
  const registered = navigator.serviceWorker.register('/sw.js', { updateViaCache: 'none' })
  registered.catch(() => {}) // a private window, or a browser that does not want to: all works without
  if (device === 'lost') registered.then(() => import(document.body.dataset.deviceScript)).then(m => m.askAnew()).catch(() => {})
}

// Whoever signs out leaves nothing typed behind: over plain HTTP no header of ours can see to that.
for (const form of document.querySelectorAll('form[action="/logout/"]')) {
  form.addEventListener('submit', () => {
    for (const name of Object.keys(localStorage)) if (name.startsWith('goodword-')) localStorage.removeItem(name)
  })
}
