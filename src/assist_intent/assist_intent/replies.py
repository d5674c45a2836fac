# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""What the robot says, filled in from the `responses` of a grammar file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

from assist_common.errors import ConfigurationError

from assist_intent.types import Mark, Relation, Scene, SceneObject, Understanding

_OPTIONAL = re.compile(r'\[([^\[\]]*)\]')
_FIELD = re.compile(r'\{(\w+)\}')


def fill(template: str, values: Mapping[str, str]) -> str:
    """Return the template with its fields filled; a part in [] goes when a field in it is empty.

    Values are put in as they are: braces and brackets in them mean nothing.
    """
    while match := _OPTIONAL.search(template):
        inner = match.group(1)
        wanted = _FIELD.findall(inner)
        keep = all(values.get(name) for name in wanted) and (wanted or inner.strip())
        template = template[: match.start()] + (inner if keep else '') + template[match.end() :]
    text = _FIELD.sub(lambda field: values.get(field.group(1), ''), template)
    return re.sub(r'\s+', ' ', text).strip()


class Replies:
    """The sentences of one language.

    Raises:
        ConfigurationError: a sentence is missing.
    """

    def __init__(self, responses: Mapping[str, Any]) -> None:
        try:
            self._actions: Mapping[str, Mapping[str, str]] = responses['actions']
            self._sentences: Mapping[str, str] = responses['sentences']
            self._choices: Mapping[str, str] = responses['choices']
            self._scene: Mapping[str, Any] = responses['scene']
            self._nouns: Mapping[str, Mapping[str, str]] = self._scene.get('nouns') or {}
            self._reasons = [
                (_as_pattern(template), str(wording))
                for template, wording in (responses.get('reasons') or {}).items()
            ]
        except KeyError as error:
            raise ConfigurationError(
                f'the grammar has no responses: {error.args[0]}',
                'take config/intents/en.yaml as an example',
            ) from error

    def say(self, name: str, **values: str) -> str:
        """Return a sentence by its name."""
        try:
            return _capital(fill(self._sentences[name], values))
        except KeyError as error:
            raise ConfigurationError(
                f"the grammar has no response '{name}'", 'add it under responses: sentences'
            ) from error

    def action(self, meaning: Understanding) -> str:
        """Return what would be done, all steps of it, as in "Shall I ...?"."""
        return self.listed([self._action(meaning.single(step)) for step in meaning.steps])

    def doing(self, meaning: Understanding) -> str:
        """Return what is said when it begins; empty when nothing is."""
        return fill(self._actions.get(meaning.name, {}).get('doing', ''), meaning.texts())

    def none(self, meaning: Understanding) -> str:
        """Return that the object is not seen, and offer to look."""
        return self.say('none', **meaning.texts())

    def several(self, label: str, count: int, marks: Sequence[Mark]) -> str:
        """Return the question which one is meant."""
        choices = [self._choice(mark) for mark in marks]
        return self.say('several', number=self.number(count, label), choices=self.listed(choices))

    def _choice(self, mark: Mark) -> str:
        if mark.name == 'position':
            return self._choices[mark.value]
        values = {
            'colour': self._scene.get('colours', {}).get(mark.value, mark.value),
            'relation': self._scene['relations'].get(mark.value, mark.value),
            'reference': self._noun(mark.reference, 'at'),
        }
        return fill(self._choices[mark.name], values)

    def reasons(self, reasons: Sequence[str]) -> str:
        """Return reasons of the policy, in the words of the language where it has them."""
        return self.listed([self._reason(reason) for reason in reasons])

    def _reason(self, reason: str) -> str:
        for pattern, wording in self._reasons:
            if match := pattern.fullmatch(reason):
                values = {
                    name: self._noun(text, 'name') for name, text in match.groupdict().items()
                }
                return fill(wording, values)
        return reason

    def _noun(self, label: str, form: str) -> str:
        """Return a class of objects in a form that the language names, else the plain name."""
        return self._nouns.get(label, {}).get(form, label)

    # The scene, for those who ask what the robot sees.

    def description(self, scene: Scene) -> str:
        """Return the number of objects of each kind, the most numerous first."""
        counts: dict[str, int] = {}
        for item in scene.objects:
            counts[item.label] = counts.get(item.label, 0) + 1
        if not counts:
            return str(self._scene['nothing'])
        ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        things = [self.number(count, label) for label, count in ordered]
        return fill(self._scene['seen'], {'things': self.listed(things)})

    def where(self, label: str, scene: Scene) -> str:
        """Return where the objects of one kind are, or that there is none."""
        found = scene.labelled(label)
        if not found:
            return self.not_seen(label)
        if len(found) > 1:
            places = list(dict.fromkeys(self._position(item, scene) for item in found))
            values = {'number': self.number(len(found), label), 'positions': self.listed(places)}
            return fill(self._scene['where_several'], values)
        item = found[0]
        values = {
            'object': self._noun(label, 'name'),
            'the_object': _capital(self._noun(label, 'the')),
            'position': self._position(item, scene),
            'relations': self._relations(item, scene),
        }
        return fill(self._scene['where'], values)

    def found(self, label: str, scene: Scene) -> str:
        """Return that it was found, and where."""
        return fill(self._scene['found'], {'where': self.where(label, scene)})

    def not_seen(self, label: str, *, looked: bool = False) -> str:
        """Return that no such object is seen."""
        return fill(
            self._scene['looked' if looked else 'not_seen'], {'object': self._noun(label, 'name')}
        )

    def count(self, label: str, number: int) -> str:
        """Return how many objects of one kind are seen."""
        if not number:
            return fill(self._scene['count_none'], {'object': self._plural(label)})
        return fill(self._scene['count'], {'number': self.number(number, label)})

    def number(self, count: int, label: str) -> str:
        """Return a number with its noun, as in a bus, three cups, 12 people."""
        if count == 1 and label in self._nouns:
            return self._noun(label, 'one')
        if count == 1:
            article = self._scene['article']
            vowel = label[:1] in 'aeiou'
            return f'{article["indefinite_vowel" if vowel else "indefinite"]} {label}'
        numbers = self._scene['numbers']
        return f'{numbers[count] if count < len(numbers) else count} {self._plural(label)}'

    def listed(self, items: Sequence[str]) -> str:
        """Return the items with commas and an and."""
        if len(items) < 2:
            return ''.join(items)
        return ', '.join(items[:-1]) + self._scene['and'] + items[-1]

    def _action(self, meaning: Understanding) -> str:
        template = self._actions.get(meaning.name, {}).get('do', meaning.name.replace('_', ' '))
        return fill(template, meaning.texts())

    def _plural(self, label: str) -> str:
        if label in self._nouns:
            return self._noun(label, 'many')
        return str(self._scene['plurals'].get(label, label + self._scene['plural_suffix']))

    def _position(self, item: SceneObject, scene: Scene) -> str:
        third = item.x / max(scene.width, 1) * 3
        side = 'left' if third < 1 else 'right' if third > 2 else 'middle'
        return str(self._scene['positions'][side])

    def _relations(self, item: SceneObject, scene: Scene) -> str:
        labels = {other.id: other.label for other in scene.objects}
        known = [
            relation
            for relation in scene.relations
            if relation.subject_id == item.id and self._tells(relation, labels)
        ]
        known.sort(key=lambda relation: -relation.confidence)
        return self.listed([self._relation(relation, labels) for relation in known[:2]])

    def _tells(self, relation: Relation, labels: Mapping[str, str]) -> bool:
        unique = list(labels.values()).count(labels.get(relation.object_id, '')) == 1
        return unique and relation.predicate in self._scene['relations']

    def _relation(self, relation: Relation, labels: Mapping[str, str]) -> str:
        words = self._scene['relations'][relation.predicate]
        label = labels[relation.object_id]
        if label in self._nouns:
            return f'{words} {self._noun(label, "at")}'
        return f'{words} {self._scene["article"]["definite"]} {label}'


def _as_pattern(template: str) -> re.Pattern[str]:
    """Return what matches a template with any values in its fields."""
    parts = _FIELD.split(template)
    fields = (f'(?P<{name}>.+)' for name in parts[1::2])
    texts = (re.escape(text) for text in parts[::2])
    return re.compile(
        ''.join(part for pair in zip_longest(texts, fields, fillvalue='') for part in pair)
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
