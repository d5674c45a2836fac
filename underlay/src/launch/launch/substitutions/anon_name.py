# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the AnonName substitution."""

from __future__ import annotations

import os
import random
import socket

from ..launch_context import LaunchContext
from ..some_substitutions_type import SomeSubstitutionsType
from ..substitution import Substitution
from ..utilities import describe, normalize_to_list_of_substitutions, perform_substitutions


class AnonName(Substitution):
    """A unique name; the same given name yields the same unique name during one launch."""

    def __init__(self, name: SomeSubstitutionsType) -> None:
        self._name = normalize_to_list_of_substitutions(name)

    @property
    def name(self) -> list[Substitution]:
        return self._name

    def describe(self) -> str:
        return f'AnonName({describe(self._name)})'

    def perform(self, context: LaunchContext) -> str:
        name = perform_substitutions(context, self._name)
        key = f'anon{name}'
        if key not in context.launch_configurations:
            host = ''.join(c if c.isalnum() else '_' for c in socket.gethostname())
            context.launch_configurations[key] = (
                f'{name}_{host}_{os.getpid()}_{random.randrange(2**32)}'
            )
        return context.launch_configurations[key]
