"""See that every notebook opens and installs itself in Colab; the address is that of settings.ini.

    python .ci/colab.py            say what is wrong, and exit 1 if anything is
    python .ci/colab.py --write    set badge and cell in all notebooks"""
import json, os, sys, tempfile
from pathlib import Path

from book import notebooks
from execnb.shell import CaptureShell
from nbdev.config import get_config

os.chdir(Path(__file__).parent.parent)
repo = get_config().git_url
colab = repo.replace('https://github.com', 'https://colab.research.google.com/github')
badge = '[![Open In Colab](https://colab.research.google.com/assets/colab-badge.svg)]({colab}/blob/main/{path})'
cell = f"""#| hide
#| eval: false
if 'google.colab' in str(get_ipython()):  # on Colab only: the newest code, or what the package index has
    !pip install -qq git+{repo} || pip install -qq strimadec
    assert not _exit_code, 'strimadec could not be installed: pip says why, above'"""


def wrong_cells(path, write=False):
    "What is wrong with the second and third cell of a notebook (mended, if asked)"
    try: notebook = json.loads(Path(path).read_text())
    except ValueError as e: return [f'{path} cannot be read as a notebook: {e}']
    wanted = badge.format(colab=colab, path=path), cell
    differ = [i for i, text in enumerate(wanted, 1) if ''.join(notebook['cells'][i]['source']) != text]
    if write and differ:
        for i in differ: notebook['cells'][i]['source'] = wanted[i - 1].splitlines(True)
        Path(path).write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + '\n')
    return [f'{path}: {("badge", "Colab cell")[i - 1]} is not that of .ci/colab.py' for i in differ]


def install(answers):
    "The error, or None, of the cell on a Colab whose pip ends with these exit codes, one a call"
    with tempfile.TemporaryDirectory() as folder:
        pip, calls = Path(folder)/'pip', Path(folder)/'calls'
        cases = ''.join(f'[ $n = {i} ] && exit {code}\n' for i, code in enumerate(answers, 1))
        pip.write_text(f'#!/bin/sh\necho "$@" >> {calls}\nn=$(wc -l < {calls})\n{cases}exit 9\n')
        pip.chmod(0o755)
        shell, before = CaptureShell(), os.environ['PATH']
        os.environ['PATH'] = f'{folder}:{before}'
        try: shell.run(cell.replace('google.colab', 'CaptureShell'))
        finally: os.environ['PATH'] = before
        return shell.exc, calls.read_text().splitlines()


def cell_faults():
    "What the cell does wrong: with the repository, without it, and without the index as well"
    error, calls = install([0])
    if error or len(calls) != 1: yield f'with the repository there: {error}, {calls}'
    error, calls = install([1, 0])
    if error or calls[1:] != ['install -qq strimadec']: yield f'with only the package index: {error}, {calls}'
    error, calls = install([1, 1])
    if not isinstance(error, AssertionError): yield 'with neither, the cell does not raise'


if __name__ == '__main__':
    write, paths = '--write' in sys.argv, notebooks()
    found = [line for path in paths for line in wrong_cells(path, write)]
    found = list(cell_faults()) + ([] if write else found)
    print('\n'.join(found) or f'{len(paths)} notebooks open and install themselves in Colab')
    sys.exit(bool(found))
