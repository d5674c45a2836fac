# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Errors that a person reads: each says what is wrong and what to do."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*[,;:.!?]?(?:\s|$)")
"""A plain word, unlike the name of a file, node or parameter."""


class AssistError(Exception):
    """A fault with a cause and, where there is one, a remedy; its text is both as sentences."""

    def __init__(self, cause: str, remedy: str = '') -> None:
        self.cause = cause
        self.remedy = remedy
        super().__init__(' '.join(as_sentence(part) for part in (cause, remedy) if part))


class ConfigurationError(AssistError):
    """A parameter, file or combination of them that cannot work."""


class InputError(AssistError, ValueError):
    """A message or file from outside that is not what it should be."""


class DeviceError(AssistError):
    """A microphone, loudspeaker or camera that does not work at present."""


class ModelError(AssistError):
    """A model that is missing, damaged or of the wrong kind."""


def as_sentence(text: str) -> str:
    """Return the text with a capital and a full stop; a name at its beginning stays as it is."""
    text = text.strip()
    if not text:
        return text
    if _WORD.match(text):
        text = text[0].upper() + text[1:]
    return text + ('' if text.endswith(('.', '!', '?')) else '.')
