# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the to_yaml function."""

from __future__ import annotations

from typing import Any

import yaml


class _Dumper(yaml.SafeDumper):
    """Quotes every text: the parser of ROS takes more texts for truth values and numbers."""


_Dumper.add_representer(
    str,
    lambda dumper, text: dumper.represent_scalar('tag:yaml.org,2002:str', text, style='"'),
)


def to_yaml(value: Any, *, one_line: bool = False) -> str:
    """Return the value as YAML that ROS reads as a value of the same type."""
    text = yaml.dump(
        value,
        Dumper=_Dumper,
        default_flow_style=one_line,
        width=2**31,
        sort_keys=False,
        allow_unicode=True,
    )
    return text.removesuffix('...\n').strip() if one_line else text
