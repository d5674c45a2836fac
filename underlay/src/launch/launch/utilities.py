# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Helpers that normalise, perform and visit."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .launch_description_entity import LaunchDescriptionEntity
from .some_entities_type import SomeEntitiesType
from .some_substitutions_type import SomeSubstitutionsType
from .substitution import Substitution

if TYPE_CHECKING:
    from .launch_context import LaunchContext


def normalize_to_list_of_substitutions(value: SomeSubstitutionsType) -> list[Substitution]:
    """Return the substitutions whose performed texts, joined, are the meant text."""
    from .substitutions import TextSubstitution

    if isinstance(value, Substitution):
        return [value]
    if isinstance(value, (str, Path)):
        return [TextSubstitution(text=str(value))]
    if isinstance(value, Iterable):
        return [part for item in value for part in normalize_to_list_of_substitutions(item)]
    raise TypeError(
        'expected a text, a path, a launch.Substitution or a list of them, '
        f'not {value!r} of type {type(value).__name__}'
    )


def perform_substitutions(context: LaunchContext, substitutions: Iterable[Substitution]) -> str:
    """Return the joined texts of the substitutions."""
    return ''.join(context.perform_substitution(substitution) for substitution in substitutions)


def perform(context: LaunchContext, value: SomeSubstitutionsType) -> str:
    """Return the text that ``value`` stands for."""
    return perform_substitutions(context, normalize_to_list_of_substitutions(value))


def perform_bool(context: LaunchContext, value: bool | SomeSubstitutionsType) -> bool:
    """Return the truth value that ``value`` stands for."""
    from .conditions import evaluate_condition_expression

    if isinstance(value, bool):
        return value
    return evaluate_condition_expression(context, normalize_to_list_of_substitutions(value))


def perform_seconds(
    context: LaunchContext, value: float | SomeSubstitutionsType, name: str
) -> float:
    """Return the duration that ``value`` stands for; ``name`` is for the error."""
    text = value if isinstance(value, (int, float)) else perform(context, value)
    try:
        seconds = float(text)
    except ValueError:
        raise ValueError(f'{name} must be a number of seconds, not {text!r}') from None
    if seconds < 0.0:
        raise ValueError(f'{name} must not be negative, but is {seconds}')
    return seconds


def normalize_to_list_of_entities(
    entities: SomeEntitiesType | None,
) -> list[LaunchDescriptionEntity]:
    """Return the entities as a list; raise TypeError for anything else among them."""
    if entities is None:
        return []
    if isinstance(entities, LaunchDescriptionEntity):
        return [entities]
    if not isinstance(entities, Iterable):
        raise TypeError(f'expected a launch action or a list of them, not {entities!r}')
    result: list[LaunchDescriptionEntity] = []
    for entity in entities:
        result += normalize_to_list_of_entities(entity)
    return result


def visit_all_entities_and_collect_futures(
    entity: LaunchDescriptionEntity, context: LaunchContext
) -> list[asyncio.Future[None]]:
    """Visit the entity and, depth first, what it yields; return the futures of unfinished work."""
    futures: list[asyncio.Future[None]] = []
    for sub_entity in normalize_to_list_of_entities(entity.visit(context)):
        futures += visit_all_entities_and_collect_futures(sub_entity, context)
    own_future = entity.get_asyncio_future()
    if own_future is not None:
        futures.append(own_future)
    return futures


def describe(substitutions: Sequence[Substitution]) -> str:
    """Return the substitutions as a text for a person."""
    return ' + '.join(substitution.describe() for substitution in substitutions)


def ensure_argument_type(argument: Any, types: Any, name: str, caller: str = '') -> None:
    """Raise TypeError that names the argument, and the caller, unless its type is one of types."""
    allowed = tuple(types) if isinstance(types, Iterable) else (types,)
    if not isinstance(argument, allowed):
        of_caller = f' of {caller}' if caller else ''
        names = ', '.join(kind.__name__ for kind in allowed)
        raise TypeError(
            f'{name}{of_caller} must be of type {names}, not {type(argument).__name__}'
        )
