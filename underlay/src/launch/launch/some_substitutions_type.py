# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the SomeSubstitutionsType alias."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Union

from .substitution import Substitution

SomeSubstitutionsType = Union[  # noqa: UP007
    str, Path, Substitution, Iterable[Union[str, Path, Substitution]]  # noqa: UP007
]

# What isinstance() can check of it.
SomeSubstitutionsType_types_tuple = (str, Path, Substitution, Iterable)
