"""Make README.md and its pictures (nbs/images/index_*) from nbs/index.ipynb, without Quarto.

    python .ci/readme.py            write them
    python .ci/readme.py --check    write nothing; say what differs and exit 1"""
import os, posixpath, re, sys
from base64 import b64decode, b64encode
from io import BytesIO
from pathlib import Path

import nbformat
from book import page_name
from execnb.nbio import nb2str
from nbconvert import MarkdownExporter
from nbdev.config import get_config
from nbdev.process import NBProcessor
from nbdev.processors import FilterDefaults, FrontmatterProc, add_links, add_show_docs, exec_show_docs
from PIL import Image
from traitlets.config import Config

os.chdir(Path(__file__).parent.parent)
cfg = get_config()

# The site's own processing, less: the title as front matter, code that is run, links into a site that may not be there.
skip = FrontmatterProc, add_show_docs, exec_show_docs, add_links
procs = [p for p in FilterDefaults().procs() if p not in skip]

# Directives that nbdev leaves to Quarto are followed here through nbconvert's tags.
config = Config()
config.TagRemovePreprocessor.enabled = True
config.TagRemovePreprocessor.remove_cell_tags = {'include: false'}
config.TagRemovePreprocessor.remove_input_tags = {'echo: false'}
config.TagRemovePreprocessor.remove_all_outputs_tags = {'output: false'}


def whole_link(link):
    "A link written for nbs/ as README.md needs it, wherever it is shown: a page of the site by its whole address"
    place, _, anchor = link[2].partition('#')
    if not place.endswith('.ipynb'): return link[1] + posixpath.normpath('nbs/' + link[2])
    return f"{link[1]}{cfg.doc_host}{cfg.doc_baseurl}/{page_name(place)}{anchor and '#' + anchor}"


def stand_still(output):
    "Put the first picture of a slider in its place, since README.md has no scripts"
    page = ''.join(output.get('data', {}).get('text/html', ''))
    if 'class="static-slider"' in page:
        coded = re.search(r'<img [^>]*src="data:image/png;base64,([^"]+)"', page)[1]
        picture, file = Image.open(BytesIO(b64decode(coded))), BytesIO()
        picture.resize([2*n for n in picture.size], Image.Resampling.NEAREST).save(file, 'PNG')  # as the page shows it
        output['data'] = {'image/png': b64encode(file.getvalue()).decode()}


def readme():
    "All files to write: {path: bytes}"
    nb = NBProcessor('nbs/index.ipynb', procs=procs, process=True).nb
    nb.metadata['language_info'] = {'name': 'python'}  # the fences say ```python
    told = []  # what is to be seen in each picture
    for cell in nb.cells:
        if cell.cell_type == 'markdown':
            cell.source = re.sub(r'(\]\(|\b(?:src|href)=")(?![a-z]+:|[#/])([^\s")]+)', whole_link, cell.source)
        if cell.cell_type == 'code':
            alt = ' '.join(cell.directives_.pop('fig-alt:', ['png']))
            cell.metadata['tags'] = [' '.join([name, *value]) for name, value in cell.directives_.items()]
            cell.source = re.sub(r'^#\|.*\n', '', cell.source, flags=re.M)
            for output in cell.outputs: stand_still(output)
            told += [alt for output in cell.outputs if 'image/png' in output.get('data', {})]
    text, resources = MarkdownExporter(config=config).from_notebook_node(
        nbformat.reads(nb2str(nb), 4), resources={'unique_key': 'index', 'output_files_dir': 'nbs/images'})
    text = re.sub(r'!\[png\](?=\(nbs/images/index_)', lambda _: f'![{told.pop(0)}]', text)
    text = re.sub(r'<style.*?</style>\n?', '', text, flags=re.S)  # GitHub would show it as text
    text = re.sub(r'\n([ \t]*\n){2,}', '\n\n', text).strip() + '\n'
    return {'README.md': text.encode(), **resources['outputs']}


new = readme()
old = {str(p): p.read_bytes() for p in [*Path().glob('README.md'), *sorted(Path('nbs/images').glob('index_*'))]}
if '--check' in sys.argv:
    differ = [p for p in sorted({*new, *old}) if new.get(p) != old.get(p)]
    if differ: sys.exit(f"{', '.join(differ)} and nbs/index.ipynb differ: run `python .ci/readme.py` and commit it")
else:
    for path in old.keys() - new.keys(): Path(path).unlink()
    for path, data in new.items():
        Path(path).parent.mkdir(exist_ok=True)
        Path(path).write_bytes(data)
