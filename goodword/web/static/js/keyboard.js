// On a phone the keyboard lies over the page. Where the browser does not shrink the page for it (Safari), this
// tells the styles how much is hidden, so that what is being typed stays in sight.
const view = visualViewport

function measure() {
  const hidden = Math.max(0, Math.round(innerHeight - view.height - view.offsetTop))
  document.documentElement.style.setProperty('--keyboard', `${view.scale > 1 ? 0 : hidden}px`)
}

if (view && matchMedia('(pointer: coarse)').matches) {
  view.addEventListener('resize', measure)
  view.addEventListener('scroll', measure)
}
