// While somebody writes on a phone, the keyboard takes half of the page: the styles are told to make room, and,
// where the browser does not shrink the page for it (Safari), how much is hidden below.
const AFTER_WRITING = 400 // ms: a button that is pressed now must not move away under the thumb
const box = document.getElementById('composer')
const view = visualViewport

const isWriting = () => box.contains(document.activeElement) && document.activeElement.matches('textarea')

function measure() {
  const hidden = Math.max(0, Math.round(innerHeight - view.height - view.offsetTop))
  document.documentElement.style.setProperty('--keyboard', `${view.scale > 1 ? 0 : hidden}px`)
}

if (box) {
  box.addEventListener('focusin', () => { if (isWriting()) document.body.dataset.writing = '' })
  box.addEventListener('focusout', () => {
    setTimeout(() => { if (!isWriting()) delete document.body.dataset.writing }, AFTER_WRITING)
  })
}

if (view && matchMedia('(pointer: coarse)').matches) {
  view.addEventListener('resize', measure)
  view.addEventListener('scroll', measure)
}
