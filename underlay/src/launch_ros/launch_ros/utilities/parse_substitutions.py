# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the parse_substitutions function."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable

from launch import Substitution
from launch.substitutions import (
    AnonName,
    Command,
    EnvironmentVariable,
    FindExecutable,
    LaunchConfiguration,
    PythonExpression,
    SubstitutionFailure,
    TextSubstitution,
    ThisLaunchFileDir,
)

from ..substitutions import ExecutableInPackage, FindPackagePrefix, FindPackageShare

Parts = list[Substitution]

# The substitutions that a text may have, with the least and the greatest number of arguments.
SUBSTITUTIONS: dict[str, tuple[int, int, Callable[..., Substitution]]] = {
    'anon': (1, 1, AnonName),
    'command': (1, 2, lambda command, on_stderr='fail': Command(command, on_stderr=on_stderr)),
    'dirname': (0, 0, ThisLaunchFileDir),
    'env': (1, 2, lambda name, default=None: EnvironmentVariable(name, default_value=default)),
    'eval': (1, 1, PythonExpression),
    'exec-in-pkg': (2, 2, ExecutableInPackage),
    'find-exec': (1, 1, lambda name: FindExecutable(name=name)),
    'find-pkg-prefix': (1, 1, FindPackagePrefix),
    'find-pkg-share': (1, 1, FindPackageShare),
    'var': (1, 2, lambda name, default=None: LaunchConfiguration(name, default=default)),
}


def parse_substitutions(text: str) -> Parts:
    """Return the substitutions for a text with the likes of ``$(var name)``, nested or not."""
    parts, end = _parse(text, 0, nested=False)
    return parts


def _parse(text: str, start: int, *, nested: bool) -> tuple[Parts, int]:
    """Return the parts from ``start`` to the end or, nested, to the closing parenthesis."""
    parts: Parts = []
    position, depth = start, 0
    pending = ''
    while position < len(text):
        if text.startswith('$(', position):
            inner, position = _parse_one(text, position + 2)
            parts += [TextSubstitution(text=pending), inner] if pending else [inner]
            pending = ''
            continue
        character = text[position]
        depth += (character == '(') - (character == ')')
        if nested and depth < 0:
            break
        pending += character
        position += 1
    if nested and position == len(text):
        raise SubstitutionFailure(f'closing parenthesis is missing after {text[start:]!r}')
    if pending:
        parts.append(TextSubstitution(text=pending))
    return parts, position + 1


def _parse_one(text: str, start: int) -> tuple[Substitution, int]:
    """Return the substitution whose name begins at ``start``, and where the text goes on."""
    match = re.compile(r'\s*([a-z-]+)\s*').match(text, start)
    if match is None or match[1] not in SUBSTITUTIONS:
        name = text[start:].split(')')[0]
        raise SubstitutionFailure(
            f"the underlay's launch does not know the substitution $({name}); "
            f'it knows {", ".join(SUBSTITUTIONS)}'
        )
    least, most, make = SUBSTITUTIONS[match[1]]
    parts, end = _parse(text, match.end(), nested=True)
    arguments = _split(parts) if most != 1 else [_unquote(parts)] if parts else []
    if not least <= len(arguments) <= most:
        raise SubstitutionFailure(f'wrong number of arguments in {text[start - 2:end]}')
    return make(*arguments), end


def _split(parts: Parts) -> list[Parts]:
    """Split arguments at the blanks outside of quotes and inner substitutions."""
    arguments: list[Parts] = [[]]
    for part in parts:
        if not isinstance(part, TextSubstitution):
            arguments[-1].append(part)
            continue
        if part.text[:1].isspace() and arguments[-1]:
            arguments.append([])
        for index, word in enumerate(shlex.split(part.text)):
            if index > 0:
                arguments.append([])
            arguments[-1].append(TextSubstitution(text=word))
        if part.text[-1:].isspace() and arguments[-1]:
            arguments.append([])
    return [argument for argument in arguments if argument]


def _unquote(parts: Parts) -> Parts:
    """Remove quotes around the whole of an argument."""
    first, last = parts[0], parts[-1]
    if not (isinstance(first, TextSubstitution) and isinstance(last, TextSubstitution)):
        return parts
    head, tail = first.text.lstrip(), last.text.rstrip()
    if head[:1] not in ('"', "'") or tail[-1:] != head[:1]:
        return parts
    if first is last:
        return [TextSubstitution(text=head.rstrip()[1:-1])]
    return [TextSubstitution(text=head[1:]), *parts[1:-1], TextSubstitution(text=tail[:-1])]
