# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the SomeEntitiesType alias."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Union

from .launch_description_entity import LaunchDescriptionEntity

SomeEntitiesType = Union[LaunchDescriptionEntity, Iterable[LaunchDescriptionEntity]]  # noqa: UP007
