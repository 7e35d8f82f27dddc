// Builds everything in goodword/web/static that is not written by hand: styles, htmx, fonts, icons.
// Its results are committed, so that nobody needs Node to run Goodword.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const parts = join(here, 'node_modules')
const out = join(here, '..', 'goodword', 'web', 'static')

// Subsets by script: a browser fetches only those whose letters are on the page.
const SCRIPTS = ['latin', 'latin-ext', 'cyrillic', 'cyrillic-ext', 'greek', 'vietnamese']

for (const folder of ['css', 'js', 'fonts']) mkdirSync(join(out, folder), { recursive: true })
styles()
scripts()
fonts()
icons()
licences()

function styles() {
  const command = join(parts, '.bin', 'tailwindcss')
  const args = ['--input', 'css/goodword.css', '--output', join(out, 'css/goodword.css'), '--minify']
  execFileSync(command, args, { cwd: here, stdio: ['ignore', 'ignore', 'inherit'] })
}

function scripts() {
  const minified = readFileSync(join(parts, 'htmx.org/dist/htmx.min.js'), 'utf8')
  writeFileSync(join(out, 'js/htmx.min.js'), minified.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, '\n'))
}

function fonts() {
  for (const script of SCRIPTS) {
    const from = join(parts, '@fontsource-variable/inter/files', `inter-${script}-wght-normal.woff2`)
    copyFileSync(from, join(out, 'fonts', `inter-${script}.woff2`))
  }
}

function icons() {
  const names = readFileSync(join(here, 'icons.txt'), 'utf8').split('\n').map(n => n.trim()).filter(Boolean)
  const symbols = [...new Set(names)].sort().map(symbol)
  const sprite = `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join('\n')}\n</svg>\n`
  writeFileSync(join(out, 'icons.svg'), sprite)
}

function symbol(name) {
  const drawing = readFileSync(join(parts, 'lucide-static/icons', `${name}.svg`), 'utf8')
  const shapes = drawing.replace(/^[\s\S]*?<svg[^>]*>/, '').replace(/<\/svg>\s*$/, '').replace(/\s*\n\s*/g, '')
  return `<symbol id="${name}" viewBox="0 0 24 24">${shapes}</symbol>`
}

// Their licences ask to stand beside what is passed on.
function licences() {
  const used = ['@fontsource-variable/inter', 'daisyui', 'htmx.org', 'lucide-static', 'tailwindcss']
  const texts = used.map(name => `${name}\n${'-'.repeat(name.length)}\n\n${readFileSync(join(parts, name, 'LICENSE'), 'utf8').trim()}\n`)
  writeFileSync(join(out, 'THIRD-PARTY.txt'), texts.join('\n\n'))
}
