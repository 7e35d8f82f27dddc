// A button that copies the field it names; without this script the field can still be selected by hand.
for (const button of document.querySelectorAll('[data-copy]')) {
  const field = document.getElementById(button.dataset.copy)
  button.hidden = false
  field.addEventListener('focus', () => field.select())
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(field.value)
    } catch {
      field.select() // no clipboard over plain HTTP: leave it selected for Ctrl+C
      return
    }
    button.querySelector('span').textContent = button.dataset.copied
  })
}
