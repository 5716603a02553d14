"""Read the built site in _docs/ as a person would: in Chromium, by mouse, by key, and on a telephone.

    python .ci/browser.py              say every fault, and exit 1 if there is one
    python .ci/browser.py --planted    plant a fault of every kind in a page, and expect each to be found"""
import functools, os, shutil, sys, tempfile, threading, time
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

os.chdir(Path(__file__).parent.parent)
site, patience = Path('_docs'), 3000  # milliseconds that a reader waits for the first picture


def find_chromium():
    "The path of a Chromium that is installed"
    for name in 'chromium', 'chromium-browser', 'google-chrome':
        if path := shutil.which(name): return path
    sys.exit('there is no Chromium or Chrome here: install it (Debian: apt-get install chromium)')


class Quiet(SimpleHTTPRequestHandler):
    "A server of files that says nothing"
    def log_message(self, *args): pass


@contextmanager
def served(folder):
    "The address of a folder, served from here"
    server = ThreadingHTTPServer(('127.0.0.1', 0), functools.partial(Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try: yield f'http://127.0.0.1:{server.server_port}'
    finally: server.shutdown()


@contextmanager
def opened_browser():
    "Chromium without a screen"
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=find_chromium(), args=['--no-sandbox'])
        try: yield browser
        finally: browser.close()


def slider_faults(page):
    "Sliders whose picture does not change, by mouse and by key, or whose key moves the page"
    for i, slider in enumerate(page.locator('input[type=range]').all()):
        picture = slider.locator('xpath=ancestor::*[contains(@class, "static-slider")][1]//img')
        if not picture.count():
            yield f'slider {i} has no picture'
            continue
        slider.scroll_into_view_if_needed()
        seen, box = [], slider.bounding_box()
        for share in 0.02, 0.98:
            page.mouse.click(box['x'] + share*box['width'], box['y'] + box['height']/2)
            seen.append(picture.get_attribute('src'))
        if len(set(seen)) < 2: yield f'slider {i} does not change its picture by mouse'
        slider.focus()
        page.keyboard.press('ArrowLeft')
        if picture.get_attribute('src') == seen[-1]: yield f'slider {i} does not change its picture by key'


def width_faults(page):
    "A page that is wider than a telephone"
    page.set_viewport_size(dict(width=390, height=844))
    wide = page.evaluate('document.scrollingElement.scrollWidth')
    page.set_viewport_size(dict(width=1280, height=800))
    if wide > 390: yield f'{wide} pixels wide on a telephone of 390'


def first_faults(page, address):
    "What the first screen of the first page must have: a picture in time, a slider, code"
    start = time.monotonic()
    page.goto(address)
    picture = page.locator('main img').first
    try: picture.wait_for(state='visible', timeout=patience)
    except Error: yield f'no picture within {patience/1000:g} seconds'
    else:
        if not picture.evaluate('x => x.complete && x.naturalWidth > 0'): yield 'the first picture is not shown'
    if (took := time.monotonic() - start) > patience/1000: yield f'the first picture after {took:.1f} seconds'
    needed = {'a slider': 'main input[type=range]', 'a picture': 'main img', 'code': 'main pre'}
    for what, where in needed.items():
        found = page.locator(where)
        box = found.first.bounding_box() if found.count() else None
        if box is None or box['y'] + box['height'] > 800:
            yield f'{what} is not on the first screen of 1280 x 800 pixels'


def pale_texts(page, where):
    "Texts below an element that stand out from their ground by less than 4.5 to 1 (WCAG 2.1, contrast minimum)"
    return page.evaluate("""where => {
        const parse = c => c.match(/[\\d.]+/g).map(Number);
        const light = c => [0.2126, 0.7152, 0.0722].reduce((sum, w, i) => {
            const v = c[i]/255;
            return sum + w*(v <= 0.03928 ? v/12.92 : ((v + 0.055)/1.055)**2.4) }, 0);
        const ground = e => {
            for (; e; e = e.parentElement) {
                const c = parse(getComputedStyle(e).backgroundColor);
                if (c.length < 4 || c[3] > 0.5) return c }
            return [255, 255, 255] };
        const pale = e => {
            const [a, b] = [light(parse(getComputedStyle(e).color)), light(ground(e))].sort();
            return (b + 0.05)/(a + 0.05) < 4.5 };
        const own = e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
        return [...document.querySelectorAll(`${where}, ${where} *`)].filter(e => own(e) && pale(e))
            .map(e => `too pale to be read: ${e.textContent.slice(0, 40)}`) }""", where)


def navigation_faults(page, address):
    "Search that finds nothing, a menu that does not open on a telephone"
    page.goto(address)
    page.locator('#quarto-search input').first.fill('RELAX')
    try: page.locator('.smalldocs-search-results a').first.wait_for(state='visible', timeout=patience)
    except Error: yield 'the search for RELAX finds nothing'
    else: yield from pale_texts(page, '.smalldocs-search-results a')
    page.set_viewport_size(dict(width=390, height=844))
    page.goto(address)
    page.locator('.quarto-secondary-nav button').first.click()
    try: page.locator('#quarto-sidebar .sidebar-link:visible').first.wait_for(timeout=patience)
    except Error: yield 'the menu does not open on a telephone'
    page.set_viewport_size(dict(width=1280, height=800))


def read_pages(browser, folder, names):
    "All faults of pages: lines `page: what`"
    found = []
    with served(folder) as address:
        page = browser.new_page(viewport=dict(width=1280, height=800))
        def note(what): found.append(f'{name}: {what}')
        page.on('pageerror', lambda error: note(f'an error of a script: {error}'))
        def note_error(said):
            if said.type == 'error': note(f'an error on the console: {said.text}')
        def note_request(asked):
            if not asked.url.startswith((address, 'data:')): note(f'it asks for {asked.url}')
        page.on('console', note_error)
        page.on('request', note_request)
        for name in names:
            page.goto(f'{address}/{name}')
            for fault in [*slider_faults(page), *width_faults(page)]: note(fault)
        if (name := 'index.html') in names:
            for look in first_faults, navigation_faults:
                for fault in look(page, f'{address}/{name}'): note(fault)
    return found


slider = '<div class="static-slider"><img width=9 height=9 src="a.png"><input type="range" max=2 value=1 {}></div>'
works = """oninput="this.previousSibling.src='abc'[this.value] + '.png'" """
planted = { # what is put into a page: (what is put in, what must be said)
    'a slider that does nothing': (slider.format(''), 'by mouse'),
    'a slider that has lost its key': (slider.format(works + 'onkeydown="event.preventDefault()"'), 'by key'),
    'a slider without a picture': ('<input type="range">', 'has no picture'),
    'a page that is too wide': ('<div style="width:500px">x</div>', 'pixels wide'),
    'a script that fails': ('<script>nothing.at.all</script>', 'an error of a script'),
    'a file from elsewhere': ('<img src="http://127.0.0.1:9/x.png">', 'it asks for'),
    'a file that is not there': ('<img src="none.png">', 'an error on the console'),
}


def check_planted(browser):
    "Each fault must be found in a page that had none of it"
    frame = '<link rel=icon href="data:,"><meta name="viewport" content="width=device-width"><main>{}</main>'
    missed = []
    with tempfile.TemporaryDirectory() as folder:
        for name in 'abc': (Path(folder)/f'{name}.png').write_bytes(b'')
        def found(text):
            (Path(folder)/'page.html').write_text(frame.format(text))
            return read_pages(browser, folder, ['page.html'])
        assert not found(slider.format(works)), found(slider.format(works))
        missed += [what for what, (text, says) in planted.items() if not any(says in line for line in found(text))]
        (Path(folder)/'index.html').write_text(frame.format('<p style="color:#888;background:#666">x</p>'))
        def first():
            page = browser.new_page(viewport=dict(width=1280, height=800))
            with served(folder) as address:
                return ' '.join([*first_faults(page, f'{address}/index.html'), *pale_texts(page, 'main')])
        for says in 'no picture within', 'a slider is not', 'code is not', 'too pale':
            if says not in first(): missed.append(f'an empty first page: {says}')
        (Path(folder)/'index.html').write_text(frame.format('<img src="none.png" width=9 height=9>'))
        if 'is not shown' not in first(): missed.append('a first picture that is broken')
        search = '<div id="quarto-search"><input></div><nav class="quarto-secondary-nav"><button>x</button></nav>'
        (Path(folder)/'index.html').write_text(frame.format(search))
        found = ' '.join(read_pages(browser, folder, ['index.html'])) # as the whole site is read
        for says in 'a picture is not', 'finds nothing', 'does not open':
            if says not in found: missed.append(f'a first page without search and menu: {says}')
    return [f'planted, and not found: {what}' for what in missed]


if __name__ == '__main__':
    with opened_browser() as browser:
        if '--planted' in sys.argv: found, looked = check_planted(browser), len(planted) + 8
        else:
            names = sorted(p.relative_to(site).as_posix() for p in site.rglob('*.html'))
            if not names: sys.exit('there is no site in _docs/: run python .ci/site.py first')
            found, looked = read_pages(browser, site, names), len(names)
    print('\n'.join(found) or f'no fault ({looked} looked at)')
    sys.exit(bool(found))
