# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""What the set-up says when it cannot go on."""
from __future__ import annotations

from typing import Sequence


class Refusal(Exception):
    """Set-up cannot go on; the text is the one sentence shown to the user."""


class CommandFailed(Exception):
    """A child process ended with a non-zero exit code.

    `lines` is the end of what it printed.
    """

    def __init__(self, command: Sequence[str], code: int, lines: Sequence[str]) -> None:
        super().__init__(f'`{" ".join(command[:4])} ...` ended with exit code {code}')
        self.code = code
        self.lines = list(lines)
