"The package's facts live in settings.ini, where nbdev reads them too."
import re
from configparser import ConfigParser
from pathlib import Path
from setuptools import find_packages, setup

here = Path(__file__).parent
settings = ConfigParser(delimiters=['='])
settings.read(here/'settings.ini', encoding='utf-8')
cfg = settings['DEFAULT']

name, site = cfg['lib_name'], cfg['doc_host'] + cfg['doc_baseurl']
needs = {extra: cfg[f'{extra}_requirements'].split() for extra in ('dev', 'cluster', 'tensorboard')}
needs['dev'] = sum(needs.values(), [])
needs['baselines'] = cfg['baselines_requirements'].split()  # what nbs/05_use/00_own_images.ipynb compares with
needs['site'] = cfg['site_requirements'].split()  # what .ci/site.py makes the pages with

readme = (here/'README.md').read_text(encoding='utf-8')
picture = f"{cfg['git_url']}/raw/{cfg['branch']}/"  # on PyPI, pictures of README.md need the whole address
readme = re.sub(r'(!\[[^]]*\]\()(?=nbs/)', rf'\1{picture}', readme)

setup(
    name=name,
    version=cfg['version'],
    description=cfg['description'],
    long_description=readme,
    long_description_content_type='text/markdown',
    keywords=cfg['keywords'].split(),
    author=cfg['author'],
    author_email=cfg['author_email'],
    url=cfg['git_url'],
    project_urls={'Documentation': site, 'Source': cfg['git_url'], 'Issues': cfg['git_url'] + '/issues'},
    license='Apache-2.0',
    packages=find_packages(include=[name, f'{name}.*']),
    package_data={name: ['py.typed', 'results/*/*.json', 'results/*/*.png', 'results/*/*.csv']},
    python_requires='>=' + cfg['min_python'],
    install_requires=cfg['requirements'].split(),
    extras_require=needs,
    entry_points={'console_scripts': cfg['console_scripts'].split(), 'nbdev': [f'{name}={name}._modidx:d']},
    classifiers=[
        'Development Status :: 3 - Alpha',
        'Intended Audience :: Developers',
        'Intended Audience :: Education',
        'Intended Audience :: Science/Research',
        'Natural Language :: English',
        'Operating System :: OS Independent',
        'Programming Language :: Python :: 3',
        'Programming Language :: Python :: 3 :: Only',
        'Programming Language :: Python :: 3.11',
        'Programming Language :: Python :: 3.12',
        'Programming Language :: Python :: 3.13',
        'Topic :: Scientific/Engineering :: Artificial Intelligence',
        'Topic :: Scientific/Engineering :: Image Recognition',
        'Typing :: Typed',
    ],
    zip_safe=False,
)
