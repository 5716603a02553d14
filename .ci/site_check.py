"""Look through the built site in _docs/ for what a reader would stumble over.

    python .ci/site_check.py              say every fault, and exit 1 if there is one
    python .ci/site_check.py --planted    plant a fault of every kind in a copy of a page, and expect each to be found"""
import os, posixpath, re, sys
from pathlib import Path
from urllib.parse import unquote, urldefrag

import bs4, yaml
from book import notebooks, page_name

os.chdir(Path(__file__).parent.parent)
site = Path('_docs')
largest, largest_first = 1_000_000, 200_000  # bytes of a page, and of the first one
base, repo = (yaml.safe_load(Path('nbs/nbdev.yml').read_text())['website'][k] for k in ('site-url', 'repo-url'))


class Page:
    "An HTML file, read once"
    def __init__(self, name, text):
        self.name, self.text, self.soup = name, text, bs4.BeautifulSoup(text, 'html.parser')
        self.ids = {tag['id'] for tag in self.soup.find_all(id=True)}
        self.main = self.soup.find('main')


def broken_links(page, pages, files):
    "Links and sources that lead nowhere: files, anchors, files of the repository"
    for tag in page.soup.find_all(['a', 'img', 'link', 'script', 'source', 'iframe']):
        target = tag.get('href') or tag.get('src') or ''
        place, anchor = urldefrag(unquote(target))
        if place.startswith(f'{repo}/blob/main/'):
            if not Path(place.removeprefix(f'{repo}/blob/main/')).exists():
                yield f'{target}: no such file in the repository'
        elif place.startswith(base + '/'): yield f'{target}: a link into the site by its whole address'
        elif tag.name in ('script', 'img', 'link') and re.match('(https?:)?//', place):
            yield f'{target}: loaded from elsewhere'
        elif re.match(r'[a-z]+:', place): continue
        else:
            where = posixpath.normpath(posixpath.join(posixpath.dirname(page.name), place)) if place else page.name
            if where.endswith('.ipynb') or where not in files: yield f'{target or tag}: there is no {where}'
            elif anchor and where in pages and anchor not in pages[where].ids:
                yield f'{target}: {where} has no #{anchor}'


def raw_text(page, pages, files):
    "Directives, divs and formulas that are shown as they were typed"
    for node in page.main.find_all(string=True):
        if isinstance(node, bs4.Comment) or node.find_parent(['script', 'style', 'annotation']): continue
        if node.find_parent('pre') and re.search(r'^\s*#\|', node, re.M): yield f'a directive: {node.strip()[:60]!r}'
        if node.find_parent(['code', 'pre']) or node.find_parent('span', class_=re.compile('^katex')): continue
        if re.search(r'^\s*:::', node, re.M): yield f'a div: {node.strip()[:60]!r}'
        if re.search(r'\\[()\[\]]|\$[^$\n]*\\[a-z]+[^$\n]*\$|\$\$', node): yield f'a formula: {node.strip()[:60]!r}'
        if re.search(r'\]\([\w./#:-]+\)|^#{1,6} ', node, re.M): yield f'a link or heading: {node.strip()[:60]!r}'
    for tag in page.main.find_all(class_='katex-error'): yield f'a formula with an error: {tag.text[:60]!r}'


def no_alternative(page, pages, files):
    "Pictures that say nothing to who cannot see them"
    for tag in page.soup.find_all('img'):
        alt = tag.get('alt', '').strip()
        if len(alt) < 4 or alt.lower() in ('image', 'figure'):
            yield f'a picture without alternative text: {str(tag)[:60]}'


def too_large(page, pages, files):
    "Pages that a telephone waits for"
    size, most = len(page.text.encode()), largest_first if page.name == 'index.html' else largest
    if size > most: yield f'{size/1000:.0f} kB of at most {most/1000:.0f}'


def says_nothing(page, pages, files):
    "API entries without a word"
    if n := page.text.count('Call self as a function.'): yield f'{n} API entries say nothing'


def no_path(page, pages, files):
    "Pages that do not begin with what comes before them and end with what was seen or comes next"
    if page.name == 'index.html': return
    text = page.main.text
    if 'Before this page' not in text: yield 'it does not say what to know before it'
    if 'Where to go' not in text: yield 'it does not say where to go from it'


checks = broken_links, raw_text, no_alternative, too_large, says_nothing, no_path


def faults(pages, files):
    "All faults: lines `page: what`"
    return [f'{name}: {what}' for name, page in sorted(pages.items())
            for check in checks for what in check(page, pages, files)]


def read_site():
    "`(pages, files)` of the site"
    files = {p.relative_to(site).as_posix() for p in site.rglob('*') if p.is_file()}
    if not files: sys.exit('there is no site in _docs/: run python .ci/site.py first')
    pages = {name: Page(name, (site/name).read_text()) for name in files if name.endswith('.html')}
    return pages, files


def missing_pages(pages):
    "Notebooks that have no page"
    return [f'{n}: it has no page' for n in notebooks() if page_name(n) not in pages]


planted = { # what is put into a page: (what is put in, what must be said)
    'a link to nowhere': ('<a href="nowhere.html">x</a>', 'there is no'),
    'an anchor that is gone': ('<a href="index.html#nowhere">x</a>', 'has no #nowhere'),
    'a notebook in place of a page': ('<a href="01_exact.ipynb">x</a>', 'there is no'),
    'a file that the repository lacks': (f'<a href="{repo}/blob/main/nbs/none.ipynb">x</a>', 'no such file'),
    'a link by its whole address': (f'<a href="{base}/index.html">x</a>', 'by its whole address'),
    'a script from elsewhere': ('<script src="https://cdn.example/x.js"></script>', 'loaded from elsewhere'),
    'a picture from elsewhere': ('<img alt="a picture" src="//cdn.example/x.png">', 'loaded from elsewhere'),
    'a sheet from elsewhere': ('<link rel="stylesheet" href="http://cdn.example/x.css">', 'loaded from elsewhere'),
    'a directive': ('<pre><code>#| hide\nx = 1</code></pre>', 'a directive'),
    'a div of Quarto': ('<p>::: {.note}</p>', 'a div'),
    'a formula as typed': (r'<p>of $\pi_k$ and</p>', 'a formula'),
    'a formula for MathJax': (r'<p>of \(x\) and</p>', 'a formula'),
    'a displayed formula': ('<p>$$x$$</p>', 'a formula'),
    'a link as typed': ('<p>see [x](y.ipynb)</p>', 'a link or heading'),
    'a formula with an error': ('<span class="katex-error">x</span>', 'a formula with an error'),
    'a heading as typed': ('<p>## Heading</p>', 'a link or heading'),
    'a picture without a word': ('<img src="styles.css" alt="">', 'without alternative text'),
    'a picture called png': ('<img src="styles.css" alt="png">', 'without alternative text'),
    'a page of a megabyte': ('<!-- ' + 'x'*largest + ' -->', 'of at most'),
    'an entry that says nothing': ('<p>Call self as a function.</p>', 'API entries say nothing'),
}


def check_planted():
    "Each fault must be found in a page that had none of it"
    frame = '<html><main>Before this page. Where to go. {}</main></html>'
    missed = []
    for what, (text, says) in planted.items():
        pages = {name: Page(name, frame.format('')) for name in ('index.html', 'page.html')}
        files = {*pages, 'styles.css'}
        assert not faults(pages, files), faults(pages, files)
        pages['page.html'] = Page('page.html', frame.format(text))
        if not any(says in line for line in faults(pages, files)): missed.append(what)
    for words, says in ('Before this page', 'where to go'), ('Where to go', 'what to know'):
        pages = {'page.html': Page('page.html', f'<html><main>{words}</main></html>')}
        found = faults(pages, set(pages))
        if len(found) != 1 or says not in found[0]: missed.append(f'a page that says only {words}')
    pages = {'index.html': Page('index.html', f'<html><main>{"x"*largest_first}</main></html>')}
    if not faults(pages, set(pages)): missed.append('a first page that is too large')
    first, *others = notebooks()
    if missing_pages({page_name(n) for n in others}) != [f'{first}: it has no page']: missed.append('a notebook without a page')
    return [f'planted, and not found: {what}' for what in missed]


if __name__ == '__main__':
    if '--planted' in sys.argv: found = check_planted()
    else:
        pages, files = read_site()
        found = missing_pages(pages) + faults(pages, files)
    print('\n'.join(found) or f'no fault ({len(planted) + 4 if "--planted" in sys.argv else len(pages)} looked at)')
    sys.exit(bool(found))
