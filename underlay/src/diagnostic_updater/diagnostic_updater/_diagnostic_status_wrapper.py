# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""A status message that is easy to fill."""

from __future__ import annotations

from typing import Any, overload

from diagnostic_msgs.msg import DiagnosticStatus, KeyValue


class DiagnosticStatusWrapper(DiagnosticStatus):
    """A DiagnosticStatus with methods that set its summary and its values.

    Levels are single bytes: `DiagnosticStatus.OK`, `WARN`, `ERROR`, `STALE`.
    """

    @overload
    def summary(self, status: DiagnosticStatus, /) -> None: ...

    @overload
    def summary(self, level: bytes, message: str, /) -> None: ...

    def summary(self, *args: Any) -> None:
        """Set level and message: to the given ones, or to those of another status."""
        self.level, self.message = _level_and_message(args)

    def clearSummary(self) -> None:
        """Set the level to OK and the message to nothing."""
        self.summary(DiagnosticStatus.OK, '')

    @overload
    def mergeSummary(self, status: DiagnosticStatus, /) -> None: ...

    @overload
    def mergeSummary(self, level: bytes, message: str, /) -> None: ...

    def mergeSummary(self, *args: Any) -> None:
        """Take over a second summary, or that of another status.

        The worse level wins. Two messages of good news, or two of bad news, are joined by a
        semicolon; otherwise the bad one stays alone.
        """
        level, message = _level_and_message(args)
        is_good = level == DiagnosticStatus.OK
        was_good = self.level == DiagnosticStatus.OK
        if is_good == was_good:
            self.message = f'{self.message}; {message}' if self.message else message
        elif was_good:
            self.message = message
        self.level = max(self.level, level)

    def add(self, key: str, val: str) -> None:
        """Append a value; as upstream, it must already be text."""
        if not isinstance(val, str):
            raise TypeError(f'value of {key!r} must be a str, not {type(val).__name__}')
        self.values.append(KeyValue(key=key, value=val))


def _level_and_message(args: tuple) -> tuple[bytes, str]:
    level, message = (args[0].level, args[0].message) if len(args) == 1 else args
    if not isinstance(level, bytes) or len(level) != 1:
        raise TypeError(f'level must be one byte such as DiagnosticStatus.WARN, not {level!r}')
    return level, str(message)
