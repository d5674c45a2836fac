# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the LogInfo action."""

from __future__ import annotations

from typing import Any

from .. import logging
from ..action import Action
from ..launch_context import LaunchContext
from ..some_substitutions_type import SomeSubstitutionsType
from ..substitution import Substitution
from ..utilities import normalize_to_list_of_substitutions, perform_substitutions


class LogInfo(Action):
    """Logs a text."""

    def __init__(self, *, msg: SomeSubstitutionsType, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._msg = normalize_to_list_of_substitutions(msg)

    @property
    def msg(self) -> list[Substitution]:
        return self._msg

    def execute(self, context: LaunchContext) -> None:
        logging.get_logger('launch.user').info(perform_substitutions(context, self._msg))
