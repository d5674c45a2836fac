# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Read and check the file of a policy; errors name the file and the line."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from assist_intent.document import Document
from assist_intent.policy import Facts, IntentPolicy, Policy, Rule
from assist_intent.types import OWN_INTENTS, Health, Match, Mode, Risk, Sight

_LEVELS = {risk.name.lower(): risk for risk in Risk}
_ABILITIES = ('hearing', 'speaking', 'seeing', 'understanding', 'acting', 'monitoring')
_SECTIONS = ('version', 'intents', 'rules', 'confirmation', 'understanding', 'scene')
_WAYS = ('voice', 'typed', 'button')
_STYLES = ('yes', 'repeat')
_HANDS = ('takes', 'keeps', 'empties')
_NAMED = {
    'object': ('object',),
    'place': ('place', 'destination'),
    'person': ('person',),
    'origin': ('origin',),
    'destination': ('destination',),
    'reference': ('reference', 'second_reference'),
    'relation': ('relation', 'second_relation'),
}
"""The slots that a condition on a name looks at."""
_INTENT_KEYS = ('risk', 'moves', 'grounds', 'hand', 'needs', 'timeout', 'per_minute')
_RULE_KEYS = ('name', 'when', 'raise', 'at_least', 'forbid', 'reason')
_EFFECTS = ('raise', 'at_least', 'forbid')

Keys = tuple['str | int', ...]


def load(path: str | Path, *, objects: Collection[str] | None = None) -> Policy:
    """Read a policy file.

    Args:
        objects: the labels that a rule may name, beside those of the file's own section; None
            where they are not known.

    Raises:
        ConfigurationError: names the file and the line.
    """
    return _Reader(Document(Path(path).expanduser()), objects).policy()


class _Reader:
    """Checks a document against the schema of a policy."""

    def __init__(self, document: Document, objects: Collection[str] | None) -> None:
        self._document = document
        self._data = document.data
        self._objects = objects

    def policy(self) -> Policy:
        self._only((), self._data, (*_SECTIONS, 'objects', 'approval'))
        for section in _SECTIONS:
            if section not in self._data:
                raise self._document.error((), f"section '{section}' is missing")
        if self._objects is not None and 'objects' in self._data:
            own = self._choices(('objects',), self._data['objects'], None)
            self._objects = frozenset(self._objects) | frozenset(own)
        intents = {name: self._intent(name) for name in self._mapping(('intents',))}
        rules = self._data['rules']
        if not isinstance(rules, list):
            raise self._document.error(('rules',), 'rules must be a list', 'write - name: ...')
        sections = {
            'confirmation': ('seconds', 'early', 'reprompts', 'approve', 'style'),
            'understanding': ('confidence', 'silence'),
            'scene': ('fresh',),
        }
        for section, keys in sections.items():
            self._only((section,), self._mapping((section,)), keys)
        return Policy(
            version=str(self._data['version']),
            intents=intents,
            rules=self._rules(len(rules), intents),
            repeat_from=self._repeat_from(),
            approvals=self._approvals(),
            answer_seconds=self._number(('confirmation', 'seconds'), 1.0, 120.0),
            early_seconds=self._number(('confirmation', 'early'), 0.0, 1.0),
            reprompts=int(self._number(('confirmation', 'reprompts'), 0, 3)),
            approve_confidence=self._number(('confirmation', 'approve'), 0.1, 1.0),
            understand_confidence=self._number(('understanding', 'confidence'), 0.0, 1.0),
            silence=self._number(('understanding', 'silence'), 0.0, 3600.0),
            fresh=self._number(('scene', 'fresh'), 0.1, 60.0),
        )

    def _repeat_from(self) -> Risk:
        if 'style' not in self._mapping(('confirmation',)):
            return Risk.HIGH
        keys: Keys = ('confirmation', 'style')
        body = self._mapping(keys)
        self._only(keys, body, ('medium', 'high'))
        # YAML takes a plain yes for true.
        styles = {risk: 'yes' if style is True else style for risk, style in body.items()}
        for risk, style in styles.items():
            self._choice((*keys, risk), style, _STYLES)
        if styles.get('high', 'repeat') != 'repeat':
            raise self._document.error(
                (*keys, 'high'), 'what is of high risk has to be repeated', 'write high: repeat'
            )
        return Risk.MEDIUM if styles.get('medium') == 'repeat' else Risk.HIGH

    def _approvals(self) -> dict[str, Risk]:
        if 'approval' not in self._data:
            return dict.fromkeys(_WAYS, Risk.HIGH)
        body = self._mapping(('approval',))
        self._only(('approval',), body, _WAYS)
        levels = tuple(name for name in _LEVELS if name != 'forbidden')
        given = {
            way: _LEVELS[self._choice(('approval', way), level, levels)]
            for way, level in body.items()
        }
        approvals = {**dict.fromkeys(_WAYS, Risk.HIGH), **given}
        if max(approvals.values()) < Risk.MEDIUM:
            raise self._document.error(
                ('approval',), 'nobody may approve anything', 'let one way approve medium'
            )
        return approvals

    def _intent(self, name: str) -> IntentPolicy:
        keys: Keys = ('intents', name)
        if name in OWN_INTENTS:
            raise self._document.error(
                keys, f"'{name}' is always answered, whatever a policy says", 'leave it out'
            )
        body = self._mapping(keys)
        self._only(keys, body, _INTENT_KEYS)
        if 'risk' not in body:
            raise self._document.error(keys, f"intent '{name}' has no risk", _one_of(_LEVELS))
        return IntentPolicy(
            risk=_LEVELS[self._choice((*keys, 'risk'), body['risk'], tuple(_LEVELS))],
            moves=self._flag((*keys, 'moves'), body.get('moves', False)),
            grounds=self._flag((*keys, 'grounds'), body.get('grounds', False)),
            hand=self._choice((*keys, 'hand'), body.get('hand', ''), ('', *_HANDS)),
            needs=self._choices((*keys, 'needs'), body.get('needs', ()), _ABILITIES),
            timeout=self._number((*keys, 'timeout'), 1.0, 86400.0, 60.0),
            per_minute=int(self._number((*keys, 'per_minute'), 1, 600, 60)),
        )

    def _rules(self, count: int, intents: Mapping[str, IntentPolicy]) -> tuple[Rule, ...]:
        rules: dict[str, Rule] = {}
        for index in range(count):
            rule = self._rule(index, intents)
            if rule.name in rules:
                raise self._document.error(
                    ('rules', index, 'name'),
                    f"two rules have the name '{rule.name}'",
                    'give each its own',
                )
            rules[rule.name] = rule
        return tuple(rules.values())

    def _rule(self, index: int, intents: Mapping[str, IntentPolicy]) -> Rule:
        keys: Keys = ('rules', index)
        body = self._mapping(keys)
        self._only(keys, body, _RULE_KEYS)
        for key in ('name', 'when', 'reason'):
            if key not in body:
                raise self._document.error(keys, f'rule {index + 1} has no {key}')
        effects = [key for key in _EFFECTS if key in body]
        if len(effects) != 1:
            raise self._document.error(
                keys, f"rule '{body['name']}' must have one effect", _one_of(_EFFECTS)
            )
        conditions = tuple(
            self._condition((*keys, 'when', key), key, value, intents)
            for key, value in self._mapping((*keys, 'when')).items()
        )
        if not conditions:
            raise self._document.error(
                (*keys, 'when'),
                f"rule '{body['name']}' has no condition",
                'to change the risk of an intent always, change it in intents',
            )
        raises, at_least = self._effect(keys, body)
        return Rule(str(body['name']), conditions, str(body['reason']), raises, at_least)

    def _effect(self, keys: Keys, body: Mapping[str, Any]) -> tuple[int, Risk]:
        if 'raise' in body:
            return int(self._number((*keys, 'raise'), 1, 2)), Risk.LOW
        if 'at_least' in body:
            level = self._choice((*keys, 'at_least'), body['at_least'], tuple(_LEVELS))
            return 0, _LEVELS[level]
        if body['forbid'] is not True:
            raise self._document.error((*keys, 'forbid'), 'forbid can only be true')
        return 0, Risk.FORBIDDEN

    def _condition(
        self, keys: Keys, name: str, value: Any, intents: Mapping[str, IntentPolicy]
    ) -> Callable[[Facts, IntentPolicy], bool]:
        if name == 'intent':
            wanted = self._choices(keys, value, tuple(intents))
            return lambda facts, _: facts.intent in wanted
        if name in _NAMED:
            known = self._objects if name in ('object', 'reference') else None
            values, slots = self._choices(keys, value, known), _NAMED[name]
            return lambda facts, _: any(facts.slots.get(slot) in values for slot in slots)
        if name == 'moves':
            if value is not True:
                raise self._document.error(keys, 'moves can only be true')
            return lambda _, intent: intent.moves
        if name == 'match':
            self._choice(keys, value, ('fuzzy',))
            return lambda facts, _: facts.match == Match.FUZZY
        if name == 'confidence_below':
            limit = self._number(keys, 0.0, 1.0)
            return lambda facts, _: facts.confidence < limit
        if name == 'person_fills':
            part = self._number(keys, 0.0, 1.0)
            return lambda facts, _: facts.sight != Sight.FRESH or facts.person_fills >= part
        if name == 'hours':
            return self._hours(keys, value)
        return self._state(keys, name, value)

    def _state(self, keys: Keys, name: str, value: Any) -> Callable[[Facts, IntentPolicy], bool]:
        states: dict[str, type[Sight] | type[Mode] | type[Health]]
        states = {'sight': Sight, 'mode': Mode, 'health': Health}
        if name not in states:
            known = ('intent', *_NAMED, 'moves', 'match', 'confidence_below', 'person_fills',
                     'hours', *states)  # fmt: skip
            raise self._document.error(keys, f"there is no condition '{name}'", _one_of(known))
        # The best state is no condition: a rule must not stop to hold when things get worse.
        names = {state.name.lower(): state for state in states[name] if state > 0}
        least = names[self._choice(keys, value, tuple(names))]
        return lambda facts, _: bool(getattr(facts, name) >= least)

    def _hours(self, keys: Keys, value: Any) -> Callable[[Facts, IntentPolicy], bool]:
        good = isinstance(value, list) and len(value) == 2
        if not good or not all(type(hour) is int and 0 <= hour <= 24 for hour in value):
            raise self._document.error(keys, 'hours must be two hours', 'write hours: [22, 6]')
        first, last = value
        if first == last:
            raise self._document.error(keys, 'both hours are the same', 'write hours: [22, 6]')
        if first < last:
            return lambda facts, _: first <= facts.hour < last
        return lambda facts, _: facts.hour >= first or facts.hour < last

    def _mapping(self, keys: Keys) -> dict[str, Any]:
        value = self._value(keys)
        if not isinstance(value, dict):
            raise self._document.error(keys, f"'{keys[-1]}' must hold keys and values")
        return value

    def _value(self, keys: Keys) -> Any:
        value: Any = self._data
        for key in keys:
            value = value[key]
        return value

    def _only(self, keys: Keys, body: Mapping[str, Any], known: Sequence[str]) -> None:
        for key in body:
            if key not in known:
                raise self._document.error((*keys, key), f"'{key}' is unknown", _one_of(known))

    def _number(self, keys: Keys, low: float, high: float, default: float | None = None) -> float:
        body = self._value(keys[:-1])
        value = body.get(keys[-1], default)
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not number or not low <= value <= high:
            raise self._document.error(
                keys, f"'{keys[-1]}' is {value!r}", f'it must be a number from {low} to {high}'
            )
        return float(value)

    def _flag(self, keys: Keys, value: Any) -> bool:
        if not isinstance(value, bool):
            raise self._document.error(
                keys, f"'{keys[-1]}' is {value!r}", _one_of(('true', 'false'))
            )
        return value

    def _choice(self, keys: Keys, value: Any, choices: Sequence[str]) -> str:
        if value not in choices:
            raise self._document.error(keys, f"'{keys[-1]}' is {value!r}", _one_of(choices))
        return str(value)

    def _choices(
        self, keys: Keys, value: Any, choices: Collection[str] | None
    ) -> tuple[str, ...]:
        values = value if isinstance(value, (list, tuple)) else [value]
        if not values and keys[-1] != 'needs':
            raise self._document.error(keys, f"'{keys[-1]}' names nothing", 'leave it out')
        for item in values:
            if not isinstance(item, str) or (choices is not None and item not in choices):
                remedy = 'write it in quotes' if choices is None else _one_of(sorted(choices))
                if choices is not None and choices is self._objects:
                    remedy = 'name it as the grammar does, or add it to the section objects'
                raise self._document.error(keys, f"'{keys[-1]}' names {item!r}", remedy)
        return tuple(values)


def _one_of(choices: Sequence[str] | Mapping[str, Any]) -> str:
    return f'use one of: {", ".join(choices)}'
