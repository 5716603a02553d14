"""Make every table again that the notebooks read from the committed runs, and compare it with the committed output.

A cell that says `#| stored` needs imports, what its notebook exports, and other such cells only.
Usage: python .ci/stored.py [--write] [NOTEBOOK ...]; with --write the outputs of these cells are renewed.
"""
import ast, os, re, sys
from pathlib import Path
import nbformat
from book import notebooks
from execnb.shell import CaptureShell

def is_import(source):
    "Whether a cell holds imports alone"
    try: lines = ast.parse(source).body
    except SyntaxError: return False # a magic
    return bool(lines) and all(isinstance(line, (ast.Import, ast.ImportFrom)) for line in lines)

def texts(outputs):
    "What outputs say: printed text, tables and values, but no pictures"
    kinds = 'text/html', 'text/markdown', 'text/plain'
    found = [o.get('text') or next((o['data'][k] for k in kinds if k in o['data']), '')
             for o in outputs if 'text' in o or 'data' in o]
    return [''.join(t).strip() for t in found]

def pictures(outputs):
    "The pictures in outputs; they differ between versions of Matplotlib, so they are renewed, and not compared"
    return [o['data']['image/png'].strip() for o in outputs if 'image/png' in o.get('data', {})]

def stale_cells(path, write=False):
    "The cells of a notebook whose output is not what the committed runs give (renewed, if asked), and how many it has"
    try: notebook = nbformat.read(path, 4)
    except nbformat.reader.NotJSONError: sys.exit(f'{path} cannot be read as a notebook: it is not JSON')
    cells = [c for c in notebook.cells if c.cell_type == 'code']
    stored = ['#| stored' in c.source.split('\n')[:4] for c in cells]
    if not any(stored): return [], 0
    module = [m for c in cells for m in re.findall(r'^#\| default_exp (\S+)', c.source)]
    shell, stale = CaptureShell(), []
    for name in module: shell.run(f'from strimadec.{name} import *')
    for cell, is_stored in zip(cells, stored):
        if not is_stored and not is_import(cell.source): continue
        outputs = shell.run(cell.source)
        if shell.exc: raise shell.exc
        if is_stored and (texts(outputs) != texts(cell.outputs) or write and pictures(outputs) != pictures(cell.outputs)):
            stale.append(cell.id)
            cell.outputs = [nbformat.from_dict(o) for o in outputs]
    if write and stale: nbformat.write(notebook, path)
    return stale, sum(stored)

if __name__ == '__main__':
    failed, compared, write = False, 0, '--write' in sys.argv
    for path in [Path(p).resolve() for p in [a for a in sys.argv[1:] if a != '--write'] or notebooks()]:
        os.chdir(path.parent)
        stale, n = stale_cells(path, write)
        failed, compared = failed or bool(stale) and not write, compared + n
        what = 'was renewed' if write else 'shows other numbers than the committed runs; give --write to renew it'
        for cell in stale: print(f'{path.name}: the cell {cell} {what}')
    print(f'{compared} cells compared with the committed runs')
    sys.exit(failed)
