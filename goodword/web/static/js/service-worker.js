// What the browser does for us when no page is open: shows the page without a network, and wakes its owner.
// Above this line stand VERSION, KEPT, OFFLINE, ICON and BADGE. Only files that are the same for everybody
// are kept here: never a page of somebody.
const CACHE = `goodword-${VERSION}`

addEventListener('install', event => {
  skipWaiting()
  const fresh = [...KEPT, OFFLINE].map(path => new Request(path, { cache: 'reload', credentials: 'omit' }))
  event.waitUntil(caches.open(CACHE).then(cache => cache.addAll(fresh)))
})

addEventListener('activate', event => event.waitUntil(takeOver()))

async function takeOver() {
  await clients.claim()
  await registration.navigationPreload?.enable().catch(() => {}) // only makes pages quicker
  const names = await caches.keys()
  await Promise.all(names.filter(name => name !== CACHE).map(name => caches.delete(name)))
}

addEventListener('fetch', event => {
  const { request } = event
  if (request.mode === 'navigate') event.respondWith(page(event))
  else if (request.method === 'GET' && isKept(request.url)) event.respondWith(kept(request))
})

async function page(event) {
  try {
    return (event.request.method === 'GET' && await event.preloadResponse) || await fetch(event.request)
  } catch {
    // After a form one comes back to the page where it was typed, not to an address that takes forms.
    if (event.request.method !== 'GET') return Response.redirect(OFFLINE, 303)
    return await caches.match(OFFLINE) ?? Response.error()
  }
}

function isKept(url) {
  return KEPT.includes(url.slice(location.origin.length))
}

async function kept(request) {
  return await caches.match(request) ?? fetch(request)
}

addEventListener('push', event => event.waitUntil(tell(read(event))))

function read(event) {
  try {
    return event.data.json()
  } catch {
    return { title: 'Goodword', body: '', path: '/notices/', tag: 'goodword' }
  }
}

async function tell({ title, body, path, tag, unread }) {
  showCount(unread)
  await registration.showNotification(title, { body, tag, renotify: true, icon: ICON, badge: BADGE, data: { path } })
}

function showCount(unread) {
  if (unread === undefined || !navigator.setAppBadge) return
  if (unread) navigator.setAppBadge(unread)
  else navigator.clearAppBadge()
}

addEventListener('notificationclick', event => {
  event.notification.close()
  event.waitUntil(open(event.notification.data?.path ?? '/notices/'))
})

async function open(path) {
  const windows = await clients.matchAll({ type: 'window' })
  const one = windows.find(each => each.focused) ?? windows[0]
  if (!one) return clients.openWindow(path)
  await one.focus()
  return one.navigate(path).catch(() => clients.openWindow(path))
}
