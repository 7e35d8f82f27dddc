// The bookmark is dragged away, not clicked: here our own policy forbids it to run, so say what to do with it.
const bookmark = document.querySelector('[data-bookmark]')

bookmark?.addEventListener('click', event => {
  event.preventDefault()
  const told = document.getElementById('bookmark-told') ?? document.createElement('p')
  told.id = 'bookmark-told'
  told.className = 'small'
  told.setAttribute('role', 'status')
  told.textContent = bookmark.dataset.bookmark
  bookmark.parentElement.after(told)
})
