# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Import modules, and say of each what came of it: a process, since a broken one may crash."""

from __future__ import annotations

import importlib
import importlib.metadata
import json
import sys
from typing import Any


def probe(name: str) -> dict[str, Any]:
    """Import a module; return its version, or the error."""
    try:
        module = importlib.import_module(name)
    except BaseException as error:  # of any kind, from code that is not ours
        text = ' '.join(str(error).split())
        return {'module': name, 'error': f'{type(error).__name__}: {text}'}
    return {'module': name, 'version': _version(name, module)}


def _version(name: str, module: Any) -> str:
    found = getattr(module, '__version__', None)
    if isinstance(found, str):
        return found
    for distribution in importlib.metadata.packages_distributions().get(name, ()):
        return importlib.metadata.version(distribution)
    return ''


if __name__ == '__main__':
    for wanted in sys.argv[1:]:
        print(json.dumps({'module': wanted}), flush=True)
        print(json.dumps(probe(wanted)), flush=True)
