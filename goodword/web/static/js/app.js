// Goodword as an app: its service worker is put in place, the count of notices stands on its icon, and a
// device that lost its sign-in of old asks anew.
const device = document.body.dataset.device

if ('serviceWorker' in navigator && isSecureContext) {
  const registered = navigator.serviceWorker.register('/sw.js', { updateViaCache: 'none' })
  registered.catch(() => {}) // a private window, or a browser that does not want to: all works without
  if (device === 'lost') registered.then(() => import(document.body.dataset.deviceScript)).then(m => m.askAnew()).catch(() => {})
}

const news = Number(document.body.dataset.news)
if (navigator.setAppBadge) (news ? navigator.setAppBadge(news) : navigator.clearAppBadge()).catch(() => {})

// Whoever signs out leaves nothing typed behind.
for (const form of document.querySelectorAll('form[data-leaves]')) {
  form.addEventListener('submit', () => {
    for (const name of Object.keys(localStorage)) if (name.startsWith('goodword-')) localStorage.removeItem(name)
  })
}
