# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""YAML files whose errors name the file and the line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from assist_common.errors import ConfigurationError

# The loader written in C is ten times as fast; both give the same.
_Loader: Any = getattr(yaml, 'CSafeLoader', yaml.SafeLoader)

LONGEST_FILE = 2_000_000
"""Bytes; a configuration file is a few thousand."""


class Document:
    """One YAML file: its data, and the line of every key and item."""

    def __init__(self, path: Path) -> None:
        # Absolute, so that the message can be clicked and keeps its case as a sentence.
        self.path = path = path.absolute()
        text = _read(path)
        try:
            loader = _Loader(text)
            self._root = loader.get_single_node()
            self.data: Any = loader.construct_document(self._root) if self._root else None
        except yaml.YAMLError as error:
            mark = getattr(error, 'problem_mark', None)
            last = text.count('\n') + 1
            line = min(mark.line + 1, last) if mark else 1
            problem = getattr(error, 'problem', None) or 'it can not be read'
            raise ConfigurationError(
                f'{path}:{line}: this is not valid YAML: {problem}', 'correct the line'
            ) from error
        if not isinstance(self.data, dict):
            raise ConfigurationError(f'{path}:1: the file must hold keys and values')
        self._refuse_duplicates(self._root)

    def line(self, *keys: str | int) -> int:
        """Return the line of a key or item, or of the nearest one around it that exists."""
        node, line = self._root, 1
        for key in keys:
            found = _child(node, key)
            if found is None:
                break
            line, node = found
        return line

    def error(
        self, keys: tuple[str | int, ...], cause: str, remedy: str = ''
    ) -> ConfigurationError:
        """Return an error that names the file and the line of a key."""
        return ConfigurationError(f'{self.path}:{self.line(*keys)}: {cause}', remedy)

    def _refuse_duplicates(self, node: yaml.Node | None) -> None:
        # YAML takes the last of two equal keys in silence: in a safety policy that is a trap.
        if isinstance(node, yaml.SequenceNode):
            for item in node.value:
                self._refuse_duplicates(item)
        if not isinstance(node, yaml.MappingNode):
            return
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                raise ConfigurationError(
                    f"{self.path}:{key.start_mark.line + 1}: '{key.value}' is there twice",
                    'keep one of them',
                )
            seen.add(key.value)
            self._refuse_duplicates(value)


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > LONGEST_FILE:
            raise ConfigurationError(f"'{path}' is too large for a configuration file")
        return path.read_text(encoding='utf-8')
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, 'strerror', None) or 'it is not UTF-8 text'
        raise ConfigurationError(
            f"'{path}' can not be read: {reason}", 'give the path of a YAML file'
        ) from error


def _child(node: Any, key: str | int) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            if name.value == str(key):
                return name.start_mark.line + 1, value
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
        return node.value[key].start_mark.line + 1, node.value[key]
    return None
