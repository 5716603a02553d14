"""Make the site in _docs/: nbdev processes the notebooks, smalldocs makes pages of them, KaTeX sets the formulas.

    python .ci/site.py              build it; needs `pip install -e '.[dev,site]'` and Node.js
    python .ci/site.py --install    only bring KaTeX, the one thing that needs a network"""
import html, json, os, posixpath, re, shutil, subprocess, sys, warnings
from pathlib import Path

import yaml
from book import notebooks
from nbdev.serve import proc_nbs

os.chdir(Path(__file__).parent.parent)
KATEX = '0.16.11'
pages, site = Path('_proc'), Path('_docs')
icon = ('data:image/svg+xml,<svg xmlns=%22http://www.w3.org/2000/svg%22 viewBox=%220 0 2 2%22>'
        '<path fill=%22%23222%22 d=%22M0 0h1v1h-1zM1 1h1v1h-1z%22/>'
        '<path fill=%22%23fa8%22 d=%22M1 0h1v1h-1zM0 1h1v1h-1z%22/></svg>')
number = re.compile(r'(?<![\w.-])\d\d_(\w+\.ipynb)')  # pages have the names of their notebooks without the number
fence = re.compile(r'```.*?```', re.S)
link = re.compile(r'\[`([^`]+)`\]\([^)\s]+\)')
formula = re.compile(r'<span class="math (inline|display)">\\[([](.*?)\\[)\]]</span>', re.S)


def relative_links(text, folder, base):
    "Markdown whose links into the site itself start from the page's own folder"
    def relink(match):
        place, _, anchor = match[1].partition('#')
        return posixpath.relpath(place, folder or '.') + (anchor and f'#{anchor}')
    return re.sub(re.escape(base) + r'/([\w./-]+(?:#[\w.-]+)?)', relink, text)


def plain_signatures(text):
    "Markdown of an API entry without links where they cannot be, in code, or are none, at a parameter's own name"
    text = fence.sub(lambda block: link.sub(r'\1', block[0]), text)
    signature = ' '.join(fence.findall(text))
    return link.sub(lambda m: f'`{m[1]}`' if re.search(rf'[(,]\s*\**{re.escape(m[1])}\b', signature) else m[0], text)


def prepare():
    "Give the processed notebooks the names and links of the published pages"
    base = yaml.safe_load((pages/'nbdev.yml').read_text())['website']['site-url']
    for path in sorted(pages.rglob('*.ipynb')):
        notebook = json.loads(path.read_text())
        folder = path.parent.relative_to(pages).as_posix()
        for cell in notebook['cells']:
            source = ''.join(cell['source'])
            if cell['cell_type'] != 'code':
                source = re.sub(r'^output-file:.*\n', '', source, flags=re.M)
                cell['source'] = number.sub(r'\1', relative_links(source, folder, base))
            for output in cell.get('outputs', []):
                if 'text/markdown' in (data := output.get('data', {})):
                    told = plain_signatures(''.join(data['text/markdown']))
                    data['text/markdown'] = number.sub(r'\1', relative_links(told, folder, base))
        path.unlink()
        path.with_name(number.sub(r'\1', path.name)).write_text(json.dumps(notebook))
    sidebar = pages/'sidebar.yml'
    sidebar.write_text(number.sub(r'\1', sidebar.read_text()))


def install_katex():
    "The folder of KaTeX, beside the installed packages of this Python"
    folder = Path(sys.prefix)/'katex'
    if not (folder/'node_modules'/'katex'/'dist'/'katex.min.css').exists():
        if not shutil.which('npm'): sys.exit('npm, which brings KaTeX, is not here: install Node.js')
        install = ['npm', 'install', '--loglevel=error', '--fetch-retries=1', '--prefix', folder, f'katex@{KATEX}']
        ran = subprocess.run(install, capture_output=True, text=True)
        if ran.returncode: sys.exit(f'KaTeX cannot be installed (is there a network?): {ran.stderr.strip()[-300:]}')
    return folder/'node_modules'/'katex'


def set_formulas(katex):
    "Set all formulas as HTML, in one call; exits with those that KaTeX cannot set"
    found = [(page, *m.groups()) for page in site.rglob('*.html') for m in formula.finditer(page.read_text())]
    script = '''const katex = require(process.argv[1]), asked = JSON.parse(require("fs").readFileSync(0));
        const set = ([tex, display]) => {
            try { return {html: katex.renderToString(tex, {displayMode: display, strict: "ignore"})} }
            catch (e) { return {error: e.message} } };
        console.log(JSON.stringify(asked.map(set)))'''
    asked = [(html.unescape(tex), kind == 'display') for _, kind, tex in found]
    node = ['node', '-e', script, katex.resolve()]
    ran = subprocess.run(node, input=json.dumps(asked), capture_output=True, text=True, check=True)
    done = json.loads(ran.stdout)
    wrong = [f'{page}: {tex}: {d["error"]}' for (page, _, tex), d in zip(found, done) if 'error' in d]
    if wrong: sys.exit('\n'.join(wrong))
    ready = iter(done)
    scripts = shutil.ignore_patterns('*js', 'contrib', '*.ttf', '*.woff', '*.scss', 'README*', 'katex-swap*', 'katex.css')
    shutil.copytree(katex/'dist', site/'site_libs'/'katex', ignore=scripts)
    for page in dict.fromkeys(page for page, *_ in found):
        text = formula.sub(lambda m: f'<span class="math {m[1]}">{next(ready)["html"]}</span>', page.read_text())
        page.write_text(text)
    return len(found)


def finish():
    "Let pages load nothing from elsewhere, and links to a member of a class that has no entry lead to the class"
    for sheet in (site/'site_libs'/'themes').glob('*.css'): # their fonts; those of the reader's system will do
        sheet.write_text(re.sub(r'@import url\([^)]*//fonts[^)]*\);', '', sheet.read_text()))
    script = site/'site_libs'/'smalldocs.js'  # a search for ELBO that does not find LiveBox
    script.write_text(re.sub(r'threshold: 0\.\d', 'threshold: 0.1', script.read_text()))
    texts = {page.relative_to(site).as_posix(): page.read_text() for page in site.rglob('*.html')}
    ids = {name: set(re.findall(r'\bid="([^"]+)"', text)) for name, text in texts.items()}
    for name, text in texts.items():
        def to_class(match):
            place, anchor = match[1], match[2]
            there = ids.get(posixpath.normpath(posixpath.join(posixpath.dirname(name), place)), {anchor})
            known = next((a for a in (anchor, anchor.rpartition('.')[0]) if a in there), '')
            return f'<a href="{place}' + (known and f'#{known}') + '"><code>'
        text = re.sub(r'<a href="([\w./-]+\.html)#([\w.-]+)"><code>', to_class, text)
        text = re.sub(r'(<figure class="figure">\s*)<p>(<img[^>]*>)</p>', r'\1\2', text)  # no empty line below
        text = text.replace('</head>', f'<link rel="icon" href="{icon}">\n</head>', 1)
        text = re.sub(r'<script src="[^"]*/katex@[^"]*" defer></script>\n?', '', text)
        text = re.sub(r'https://[^"]*/katex@[\d.]+/dist/', '../'*name.count('/') + 'site_libs/katex/', text)
        (site/name).write_text(re.sub(r'<img[^>]*colab-badge\.svg[^>]*>', 'Open in Colab', text))


def check_sources():
    "Exits with notebooks that are no JSON, and with those that the sidebar misses or has lost"
    listed = notebooks()
    wrong = []
    for path in listed:
        try: json.loads(Path(path).read_text())
        except (OSError, ValueError) as e: wrong.append(f'{path} cannot be read as a notebook: {e}')
    told = {f'nbs/{name}' for name in re.findall(r'\S+\.ipynb', Path('nbs/sidebar.yml').read_text())}
    wrong += [f'nbs/sidebar.yml misses {path}: add it' for path in sorted({*listed} - told)]
    wrong += [f'nbs/sidebar.yml lists {path}, which git does not know' for path in sorted(told - {*listed})]
    if wrong: sys.exit('\n'.join(wrong))


def build():
    check_sources()
    for folder in pages, site: shutil.rmtree(folder, ignore_errors=True)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter('always')
        try: proc_nbs(n_workers=0)
        except Exception as e:
            sys.exit(f'a notebook cannot be made a page: {e} ({e.__cause__!r})' if e.__cause__ else
                     f'a notebook cannot be made a page: {e}')
    mixed = [str(w.message) for w in told if 'imports and other code' in str(w.message)]
    if mixed: sys.exit('Give imports a cell of their own, since the site runs cells with imports:\n' + '\n'.join(mixed))
    prepare()
    subprocess.run([sys.executable, '-m', 'smalldocs.cli', 'render', pages], check=True)
    shutil.move(pages/site, site)
    formulas = set_formulas(install_katex())
    finish()
    print(f'{len(list(site.rglob("*.html")))} pages with {formulas} formulas in {site}/')


if __name__ == '__main__': install_katex() if '--install' in sys.argv else build()
