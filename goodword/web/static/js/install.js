// A calm hint that Goodword can be an app on this phone. Who says no is not asked again on it.
const SAID_NO = 'goodword-no-app'
const hint = document.querySelector('[data-install-hint]')
const isApp = matchMedia('(display-mode: standalone)').matches || navigator.standalone

if (hint && !isApp && !localStorage.getItem(SAID_NO)) {
  hint.querySelector('[data-install-not]').addEventListener('click', () => {
    localStorage.setItem(SAID_NO, '1')
    hint.hidden = true
  })
  if (/iPhone|iPad/.test(navigator.userAgent)) hintForIos()
  else addEventListener('beforeinstallprompt', offer)
}

function hintForIos() {
  hint.querySelector('[data-install-can]').hidden = true
  hint.querySelector('[data-install-ios]').hidden = false
  hint.hidden = false
}

function offer(event) {
  event.preventDefault()
  hint.hidden = false
  const button = hint.querySelector('[data-install]')
  button.hidden = false
  button.addEventListener('click', async () => {
    await event.prompt()
    hint.hidden = true
  }, { once: true })
}
