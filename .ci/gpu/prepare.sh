#!/usr/bin/env bash
# Pack what the thesis's grids need on a GPU machine without a network into .gpu/ of the checkout (git ignores it):
# wheels, the real data sets, unfinished runs, the runner. From the project's root:
#     bash .ci/gpu/prepare.sh [STORE_WITH_RUNS_TO_GO_ON_WITH ...]
# Then take the checkout with .gpu/ along, and there: bash .gpu/run.sh 4.4 4.3 4.6 4.5
set -euo pipefail
cd "$(git rev-parse --show-toplevel)"
data=${STRIMADEC_DATA:-../shared/data}
for set in MNIST FashionMNIST; do
    [ -d "$data/$set/raw" ] ||
        { echo "there is no $set in $data: set STRIMADEC_DATA to the folder of the data sets"; exit 1; }
done
rm -rf .gpu && mkdir -p .gpu/wheels .gpu/store
python3 -m pip download -q --no-deps --only-binary=:all: -d .gpu/wheels \
    'fastcore>=1.12.3,<2' 'fastprogress<1.1' 'mlxtend>=0.23,<0.24'
for set in MNIST FashionMNIST; do
    mkdir -p .gpu/data/$set/raw
    cp "$data/$set/raw/"{train,t10k}-*.gz .gpu/data/$set/raw/
done
chmod -R u+w .gpu
for store in "$@"; do cp -r "$store"/. .gpu/store/; done
cp .ci/gpu/run.sh .gpu/
du -sh .gpu | cut -f1
