# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the TextSubstitution substitution."""

from __future__ import annotations

from ..launch_context import LaunchContext
from ..substitution import Substitution


class TextSubstitution(Substitution):
    """A text that is already known."""

    def __init__(self, *, text: str) -> None:
        if not isinstance(text, str):
            raise TypeError(f'text of TextSubstitution must be a str, not {text!r}')
        self._text = text

    @property
    def text(self) -> str:
        return self._text

    def describe(self) -> str:
        return f"'{self._text}'"

    def perform(self, context: LaunchContext) -> str:
        return self._text
