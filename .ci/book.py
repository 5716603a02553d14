"What the scripts in .ci/ know of the book: its notebooks, and the names of its pages."
import re, subprocess


def notebooks():
    "The paths of all notebooks that git knows, from the root of the repository"
    listed = subprocess.run(['git', 'ls-files', 'nbs/*.ipynb'], capture_output=True, text=True, check=True)
    return listed.stdout.split()


def page_name(notebook):
    "The page of a notebook, given from the root or from nbs/: as nbdev names it, without the number"
    return re.sub(r'\d\d_(?=\w+\.html$)', '', notebook.removeprefix('nbs/').replace('.ipynb', '.html'))
