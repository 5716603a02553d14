import json, os, hashlib
from contextlib import contextmanager
from pathlib import Path
import numpy as np
from safetensors import safe_open, SafetensorError
from safetensors.torch import save
class Damaged(ValueError): pass
class Busy(ValueError): pass
class Foreign(ValueError): pass
class OldFormat(ValueError): pass
def damaged(path, why): return Damaged(f'{path} is damaged ({why}); move it aside and give the same command again')
def read_bytes(path, most=2**28): return Path(path).read_bytes()
def read_json(path, most=2**24):
    try: return json.loads(read_bytes(path))
    except (ValueError, RecursionError) as e: raise damaged(path, str(e)[:100]) from e
def checksum(b): return hashlib.sha256(b).hexdigest()
def plain(x, where=''):
    if isinstance(x, dict): return {str(k): plain(v, f'{where}.{k}') for k, v in x.items()}
    if isinstance(x, (list, tuple)): return [plain(v, where) for v in x]
    if isinstance(x, (np.generic, np.ndarray)): return plain(x.tolist(), where)
    if isinstance(x, float) and not np.isfinite(x): raise ValueError(f'{where} must be finite')
    if x is None or isinstance(x, (bool, int, float, str)): return x
    raise ValueError(f'{where} cannot be stored: {x!r}')
def canonical(x): return json.dumps(plain(x), sort_keys=True, separators=(',', ':'))
def write_atomic(path, content): Path(path).write_bytes(content.encode() if isinstance(content, str) else content)
def save_tensors(path, tensors, **facts): write_atomic(path, save({k: v.detach().contiguous() for k, v in tensors.items()}, dict(facts=json.dumps(facts))))
def load_tensors(path, device='cpu'):
    with safe_open(path, 'pt') as f: return {k: f.get_tensor(k) for k in f.keys()}, json.loads((f.metadata() or {}).get('facts', '{}'))
def load_weights(model, tensors, path): model.load_state_dict({k.removeprefix('model.'): v for k, v in tensors.items() if k.startswith('model.')})
@contextmanager
def claimed(folder):
    Path(folder).mkdir(parents=True, exist_ok=True); yield Path(folder)
