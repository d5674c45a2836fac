# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""The error for what the genuine package has and this one has not."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable, Mapping
from typing import Any


def named_import_error(module: str) -> Callable[[str], Any]:
    """Return a module-level ``__getattr__`` that names what ``module`` does not offer."""

    def getattr_or_explain(name: str) -> Any:
        if name.startswith('_'):
            raise AttributeError(f'module {module!r} has no attribute {name!r}')
        is_package = hasattr(sys.modules[module], '__path__')
        if is_package and importlib.util.find_spec(f'{module}.{name}') is not None:
            return importlib.import_module(f'{module}.{name}')
        raise ImportError(
            f"the underlay's {module.partition('.')[0]} has no {module}.{name}; "
            'use a genuine ROS 2 installation for it, or launch without it'
        )

    return getattr_or_explain


def refuse_unknown_arguments(owner: object, arguments: Mapping[str, Any]) -> None:
    """Raise TypeError that names the class of ``owner`` and the arguments it does not take."""
    if arguments:
        names = ', '.join(repr(name) for name in arguments)
        raise TypeError(f"{type(owner).__name__} of the underlay's launch does not take {names}")
