// How many notices there are: beside the bell, in the title of the tab, and on the icon of the app.
const bare = document.title

function show(news) {
  for (const count of document.querySelectorAll('[data-news-count]')) {
    count.hidden = !news
    count.querySelector('[data-news-number]').textContent = news < 100 ? news : '99+'
  }
  document.title = news ? `(${news}) ${bare}` : bare
  if (navigator.setAppBadge) (news ? navigator.setAppBadge(news) : navigator.clearAppBadge()).catch(() => {})
}

show(Number(document.body.dataset.news))
document.addEventListener('goodword:news', event => show(event.detail))
