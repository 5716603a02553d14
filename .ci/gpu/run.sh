#!/usr/bin/env bash
# On the GPU machine, in the checkout's root: parts of the thesis, several processes on the one GPU.
#     bash .gpu/run.sh 4.4 4.3 [--scale 0.1]      (WORKERS=8 and LIMIT=560 seconds by default)
# Finished runs come back as $OUT/finished.tgz, without weights; unfinished ones, to go on with, as $OUT/unfinished.tgz.
# At home: tar xzf finished.tgz, and copy_results('finished', 'strimadec/results') of strimadec.runs.
set -uo pipefail
site=/tmp/strimadec_site home=/tmp/strimadec_home
python3 -m pip install -q --no-index --no-deps --no-compile --upgrade --target "$site" .gpu/wheels/*.whl || exit 1
export PYTHONPATH=$site:$PWD STRIMADEC_DATA=$home/data OMP_NUM_THREADS=1 PYTHONUNBUFFERED=1 STRIMADEC_PROGRESS=off
mkdir -p "$home/data" "$home/store" "${OUT:=$home/out}"
cp -r .gpu/data/. "$home/data/"; cp -rn .gpu/store/. "$home/store/"
device=$(python3 -c 'import torch; print("cuda" if torch.cuda.is_available() else "cpu")')
timeout -s INT "${LIMIT:-560}" python3 -m strimadec reproduce "$@" \
    --device "$device" --executor processes --workers "${WORKERS:-8}" --out "$home/store"
echo "exit $?, on $device"
rm -rf "$home/finished" "$home/unfinished"; mkdir -p "$home/finished" "$home/unfinished"
cd "$home" && python3 - <<'P'
import shutil
from pathlib import Path
from strimadec.runs import copy_results
done = {folder.name for folder in copy_results('store', 'finished')}
for folder in Path('store').iterdir():
    if folder.name not in done and (folder/'checkpoint.safetensors').exists():
        shutil.copytree(folder, Path('unfinished')/folder.name)
print(len(done), 'runs finished:', *sorted(done), sep='\n  ')
P
for part in finished unfinished; do tar czf "$OUT/$part.tgz" "$part"; done
ls -la "$OUT"
