// y: it is so. s: skip. n: to what is wrong; from there the arrows, Tab and the space bar go on.
const acts = {
  y: () => document.querySelector('[data-key="y"]').click(),
  s: () => document.querySelector('[data-key="s"]').click(),
  n: () => (document.querySelector('.chip :checked') ?? document.querySelector('.chip input')).focus(),
}

document.addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return
  const act = acts[event.key]
  if (!act) return
  event.preventDefault()
  act()
})
