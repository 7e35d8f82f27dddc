// A button that lets this very browser be reached. Without push there is a sentence in its place.
const box = document.querySelector('[data-devices]')
const can = 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window && isSecureContext

if (box) begin()

async function begin() {
  const show = name => { box.querySelector(`[data-device-${name}]`).hidden = false }
  if (isIosBrowser()) { show('ios'); box.querySelector('[data-device-cannot]').hidden = true; return }
  if (!can) return
  box.querySelector('[data-device-cannot]').hidden = true
  if (Notification.permission === 'denied') { show('denied'); return }
  const button = box.querySelector('[data-device-add]')
  const here = await subscription()
  button.hidden = Boolean(here) && document.body.dataset.device === 'known'
  button.addEventListener('click', async () => {
    button.disabled = true
    if (await Notification.requestPermission() === 'granted') {
      await tell(box.dataset.devices, await subscribe(box.dataset.pushKey))
      location.reload()
    } else if (Notification.permission === 'denied') { button.hidden = true; show('denied') }
    button.disabled = false
  })
}

function isIosBrowser() {
  return /iPhone|iPad/.test(navigator.userAgent) && !navigator.standalone
}

async function subscription() {
  const worker = await navigator.serviceWorker.ready
  return worker.pushManager.getSubscription()
}

async function subscribe(key) {
  const worker = await navigator.serviceWorker.ready
  const old = await worker.pushManager.getSubscription()
  if (old && !isOf(old, key)) await old.unsubscribe() // made for another install, or before its keys were lost
  return worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key })
}

function isOf(old, key) {
  return encoded(old.options.applicationServerKey) === key
}

async function tell(address, made) {
  const body = new URLSearchParams({
    endpoint: made.endpoint,
    p256dh: encoded(made.getKey('p256dh')),
    auth: encoded(made.getKey('auth')),
  })
  const headers = { 'X-CSRFToken': csrf(), 'X-Requested-With': 'fetch' }
  return fetch(address, { method: 'POST', body, headers })
}

function encoded(buffer) {
  return btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

function csrf() {
  return JSON.parse(document.body.getAttribute('hx-headers:inherited'))['X-CSRFToken']
}

// After a new password: the browser still has its subscription, and we do not know it any more.
export async function askAnew() {
  const { devices, pushKey } = document.body.dataset
  if (!can || Notification.permission !== 'granted') return
  await tell(devices, await subscribe(pushKey))
}
