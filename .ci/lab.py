"""Use the widgets of strimadec.live as a person would, in JupyterLab in Chromium.

    python .ci/lab.py              say every fault, and exit 1 if there is one
    python .ci/lab.py --planted    break each widget in turn, and expect it to be found"""
import json, os, re, socket, subprocess, sys, tempfile, time
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import TimeoutError

from browser import opened_browser

imports = '''import tempfile
from strimadec import *
from strimadec import live, watch, widgets'''
cells = dict(
    train='''run = configure('RobustDVAEST', 'SimplifiedMNIST5k', num_repetitions=1, num_epochs=2, batch_size=50)
result = train(run, tempfile.mkdtemp(), show=True)''',
    explore='explore(result.model)',
    names='name_prototypes(result)',
    static="traversal(result.model, 'shear x')",
)
planted = dict( # what is run before the cells, so that one widget no longer works
    train='watch.Watcher.draw = lambda self: None',
    explore='widgets.PictureBox.repaint = lambda self, old=widgets.PictureBox.repaint: self.picture.value or old(self)',
    names='live.NameBox.count = lambda self: None',
    static="import strimadec.viz as viz; viz._slider_js = ''",
)


def notebook(first, sources):
    "A notebook of code cells, the first of which imports"
    made = [dict(cell_type='code', id=f'c{i}', metadata={}, source=s, execution_count=None, outputs=[])
            for i, s in enumerate([imports + '\n' + first, *sources])]
    kernel = dict(display_name='Python 3', language='python', name='python3')
    return json.dumps(dict(cells=made, metadata=dict(kernelspec=kernel), nbformat=4, nbformat_minor=5))


@contextmanager
def opened_lab(folder):
    "The address of a JupyterLab that serves a folder"
    with socket.socket() as free:
        free.bind(('127.0.0.1', 0))
        port = free.getsockname()[1]
    asked = [sys.executable, '-m', 'jupyterlab', '--no-browser', '--allow-root', f'--port={port}', '--ServerApp.token=',
             '--ServerApp.password=', f'--ServerApp.root_dir={folder}', '--LabApp.news_url=',
             '--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate']
    settings = Path(folder)/'.config'/'lab'/'user-settings'/'@jupyterlab'/'apputils-extension'
    settings.mkdir(parents=True)
    (settings/'notification.jupyterlab-settings').write_text('{"fetchNews": "false"}')
    env = os.environ | dict(OMP_NUM_THREADS='1', JUPYTER_CONFIG_DIR=str(Path(folder)/'.config'), STRIMADEC_PROGRESS='bar')
    with open(Path(folder)/'.log', 'w+') as log:
        server = subprocess.Popen(asked, env=env, stdout=log, stderr=subprocess.STDOUT)
        try:
            for _ in range(120):
                if 'is running at' in (told := Path(log.name).read_text()): break
                if server.poll() is not None: sys.exit(f'JupyterLab does not start: {told[-500:]}')
                time.sleep(0.5)
            else: sys.exit('JupyterLab does not start within a minute')
            yield f'http://127.0.0.1:{port}'
        finally:
            server.terminate()
            server.wait()


class LabPage:
    "A notebook that is open in JupyterLab"
    def __init__(self, browser, address, name):
        self.page = browser.new_page(viewport=dict(width=1100, height=900))
        self.page.goto(f'{address}/lab/tree/{name}?reset', timeout=90_000)
        self.page.wait_for_selector('.jp-CodeCell', timeout=90_000)
        self.page.get_by_text('(ipykernel) | Idle').wait_for(timeout=90_000)
    def cell(self, i): return self.page.locator('.jp-CodeCell').nth(i)
    def run(self, i):
        "Run cell i, and give what went wrong"
        self.cell(i).locator('.jp-InputPrompt').first.click()
        self.page.keyboard.press('Control+Enter')
        prompt = f"document.querySelectorAll('.jp-CodeCell')[{i}].querySelector('.jp-InputPrompt').textContent"
        self.page.wait_for_function(f'/\\[\\d+\\]/.test({prompt})', timeout=120_000)
        return self.cell(i).locator('[data-mime-type="application/vnd.jupyter.error"]').all_inner_texts()
    def changes(self, read, act, seconds=10):
        "Whether what is read becomes another after an act"
        before = read()
        act()
        return self.becomes(lambda: read() != before, seconds)
    def becomes(self, true, seconds=10):
        "Whether something becomes true in time"
        end = time.monotonic() + seconds
        while not (done := true()) and time.monotonic() < end: time.sleep(0.1)
        return done


def train_faults(lab, i):
    "A training that is not seen"
    text = lab.cell(i).inner_text()
    if not re.search(r'epoch 2 of 2: bound', text): yield 'the training does not say its epoch and its bound'
    if not lab.cell(i).locator('img').count(): yield 'the training shows no prototypes'
    if not lab.cell(i).locator('svg').count(): yield 'the training shows no curve'


def explore_faults(lab, i):
    "Sliders that move nothing, or that stand above the picture"
    cell = lab.cell(i)
    picture, handle = cell.locator('img').first, cell.locator('.noUi-handle').first
    if picture.bounding_box()['y'] > handle.bounding_box()['y']: yield 'the picture is below the sliders'
    def source(): return picture.get_attribute('src')
    def drag():
        box = handle.bounding_box()
        lab.page.mouse.move(box['x'] + box['width']/2, box['y'] + box['height']/2)
        lab.page.mouse.down()
        lab.page.mouse.move(box['x'] + 40, box['y'] + box['height']/2, steps=4)
        lab.page.mouse.up()
    if not lab.changes(source, drag): yield 'a slider that is dragged changes no picture'
    elif not lab.changes(source, cell.locator('button', has_text='reset').click): yield 'reset changes nothing'


def names_faults(lab, i):
    "A name that is typed without effect, or not saved"
    cell = lab.cell(i)
    fields = cell.locator('input[type=text]')
    if fields.count() != 3: yield f'there are {fields.count()} fields for 3 names'
    def type_names():
        for k in range(fields.count()):
            fields.nth(k).click()
            lab.page.keyboard.press('Control+a')
            lab.page.keyboard.type('9')
            lab.page.keyboard.press('Tab')
    if not lab.changes(cell.inner_text, type_names): yield 'the table does not follow the names'
    elif not lab.becomes(lambda: '33.3%' in cell.inner_text()):
        yield 'all called 9, a third of the images is right, but that is not said'
    if not lab.changes(cell.inner_text, cell.locator('button', has_text='Save').click, 60): yield 'saving says nothing'


def static_faults(lab, i):
    "A static slider that does not hear its keys, or whose keys move the notebook"
    cell = lab.cell(i)
    slider, picture = cell.locator('input[type=range]'), cell.locator('img')
    slider.focus()
    def press(): lab.page.keyboard.press('ArrowRight')
    if not lab.changes(lambda: picture.get_attribute('src'), press, 2): yield 'a static slider does not follow its keys'
    if not slider.evaluate('x => x === document.activeElement'): yield 'keys of a static slider move the notebook'


looks = dict(train=train_faults, explore=explore_faults, names=names_faults, static=static_faults)


def lab_faults(browser, address, folder, first='', only=cells):
    "All faults of the widgets, after the code `first`: lines `widget: what`"
    (Path(folder)/'play.ipynb').write_text(notebook(first, cells.values()))
    lab, found = LabPage(browser, address, 'play.ipynb'), []
    try:
        found += [f'imports: {error}' for error in lab.run(0)]
        for i, name in enumerate(cells, 1):
            if name not in only and name != 'train': continue
            found += [f'{name}: {error}' for error in lab.run(i)]
            found += [f'{name}: {fault}' for fault in looks[name](lab, i)] if name in only else []
    except TimeoutError as e: found.append(f'it hangs: {str(e).splitlines()[0]}')
    lab.page.close()
    return found


if __name__ == '__main__':
    with tempfile.TemporaryDirectory() as folder, opened_lab(folder) as address, opened_browser() as browser:
        if '--planted' in sys.argv:
            found = [f'planted, and not found: {name}' for name, code in planted.items()
                     if not any(line.startswith(name) for line in lab_faults(browser, address, folder, code, [name]))]
        else: found = lab_faults(browser, address, folder)
    print('\n'.join(found) or f'no fault ({len(cells)} widgets used)')
    sys.exit(bool(found))
