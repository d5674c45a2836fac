# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""A scene in plain language: 'Three people are standing in front of a bus.'"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from assist_vision import classes
from assist_vision.nouns import PLURAL, counted, indefinite, match, number, plural
from assist_vision.relations import INVERSE
from assist_vision.scene import Relation, Scene, SceneObject, area

_PHRASES = {
    'inside': 'in',
    'contains': 'around',
    'on': 'on',
    'under': 'under',
    'in_front_of': 'in front of',
    'behind': 'behind',
    'next_to': 'next to',
    'left_of': 'to the left of',
    'right_of': 'to the right of',
    'above': 'above',
    'below': 'below',
    'near': 'near',
    'overlapping': 'partly covering',
    'wearing': 'wearing',
}
_ORDER = tuple(_PHRASES)
_BESIDE = ('in_front_of', 'behind', 'next_to', 'left_of', 'right_of', 'near')
"""Either of the two can be told by the other, and people stand so; nobody tells a table by the cup
on it."""
_LARGER = 4.0
"""Times the area of a thing beside it by which nobody tells where the larger one is."""
_UPRIGHT = 1.6
"""A person whose box is that many times as high as wide is said to stand."""
_SENTENCES = 4
_UNTOLD = ('contains', 'under', 'overlapping')


def describe(scene: Scene, label: str = '') -> str:
    """Return the scene in a few sentences, or, with a label, where the objects of it are."""
    if label.strip():
        return _describe_label(scene, label)
    if not scene.objects:
        return 'I see nothing that I know.'
    return _Narrator(scene).tell()


@dataclass(frozen=True)
class _Statement:
    subjects: tuple[SceneObject, ...]
    predicate: str
    reference: SceneObject | None
    """None: the subjects have the relation to each other."""
    more: tuple[SceneObject, ...] = ()
    """Further references of the same class, one for each subject."""


class _Narrator:
    """Tells a scene from the most telling relation to the least, naming each object once."""

    def __init__(self, scene: Scene) -> None:
        self._objects = {each.id: each for each in scene.objects}
        self._relations = scene.relations
        self._totals = Counter(each.label for each in scene.objects)
        self._mentioned: set[str] = set()

    def tell(self) -> str:
        sentences: list[str] = []
        for statement in self._statements():
            if len(sentences) < _SENTENCES and not self._is_known(statement):
                sentences.append(self._sentence(statement))
        rest = [each for id, each in self._objects.items() if id not in self._mentioned]
        if rest:
            sentences.append(self._listing(rest, also=bool(sentences)))
        return ' '.join(sentences)

    def _statements(self) -> list[_Statement]:
        """Group what has the same relation to the same thing; each object is told of once."""
        told: set[str] = set()
        groups: dict[tuple[str, str, str], list[SceneObject]] = {}
        references: set[str] = set()
        for each in _by_importance(_nearest_holders(self._relations), self._objects):
            for relation in self._sides(each, references):
                if relation.subject in told:
                    continue
                told.add(relation.subject)
                references.add(relation.object)
                key = (self._kind(relation), relation.predicate, relation.object)
                groups.setdefault(key, []).append(self._objects[relation.subject])
                break
        statements = [
            _Statement(tuple(subjects), predicate, self._objects[reference])
            for (_, predicate, reference), subjects in groups.items()
        ]
        return _merge_neighbours(_merge_wearers(statements))

    def _sides(self, relation: Relation, references: set[str]) -> list[Relation]:
        """Return the relation and its inverse, those that people would say, the better first."""
        turned = [each for each in _turned(relation) if not _is_told_by_less(self._objects, each)]
        sides = [each for each in (relation, *turned) if not self._is_pointless(each, references)]
        # What others were told by is told a place all the same where nothing else can be.
        return sides or ([] if turned else self._last_resort(relation))

    def _last_resort(self, relation: Relation) -> list[Relation]:
        beside = relation.predicate in _BESIDE and not self._is_pointless(relation, set())
        return [relation] if beside and relation.object not in self._mentioned else []

    def _kind(self, relation: Relation) -> str:
        """Return what may share a sentence: things do, people and what is worn stay apart."""
        label = self._objects[relation.subject].label
        alike = label == self._objects[relation.object].label
        return label if alike or label in classes.PEOPLE | classes.WORN else ''

    def _is_known(self, statement: _Statement) -> bool:
        """Tell whether all of a row were mentioned, each with something more telling."""
        return statement.reference is None and all(
            each.id in self._mentioned for each in statement.subjects
        )

    def _is_pointless(self, relation: Relation, references: set[str]) -> bool:
        # A thing that others were told by needs no further place, unless something holds it; a
        # person among people is told with them, unless they stand beside each other.
        if relation.subject in references and relation.predicate not in ('inside', 'on'):
            return True
        same = self._objects[relation.subject].label == self._objects[relation.object].label
        return same and relation.predicate not in ('next_to', 'near')

    def _sentence(self, statement: _Statement) -> str:
        statement = self._without_known(statement)
        if statement.reference is None:
            return self._together(statement)
        subjects = self._name(statement.subjects)
        reference = self._name((statement.reference,))
        if statement.more:
            reference = indefinite(statement.reference.label)
        self._mentioned.update(each.id for each in (*statement.subjects, *statement.more))
        self._mentioned.add(statement.reference.id)
        phrase = _phrase(statement.predicate, statement.reference.label)
        return _capital(f'{subjects} {_verb(statement)} {phrase} {reference}.')

    def _without_known(self, statement: _Statement) -> _Statement:
        """Make those who were mentioned already the reference for the others of a row."""
        known = [each for each in statement.subjects if each.id in self._mentioned]
        if statement.reference or not known or len(known) == len(statement.subjects):
            return statement
        others = tuple(each for each in statement.subjects if each not in known)
        return replace(statement, subjects=others, reference=known[0])

    def _together(self, statement: _Statement) -> str:
        subjects = self._name(statement.subjects)
        self._mentioned.update(each.id for each in statement.subjects)
        phrase = _PHRASES[statement.predicate]
        return _capital(f'{subjects} {_verb(statement)} {phrase} each other.')

    def _listing(self, objects: Sequence[SceneObject], *, also: bool) -> str:
        counts = Counter(each.label for each in objects)
        things = [self._more(count, label) for label, count in counts.most_common()]
        verb = 'is' if next(iter(counts.most_common()))[1] == 1 else 'are'
        return f'There {verb} {"also " if also else ""}{_join(things)}.'

    def _more(self, count: int, label: str) -> str:
        if count == self._totals[label]:
            return counted(count, label)
        if count == 1:
            return f'another {label}'
        return f'{counted(count, label).replace(" ", " more ", 1)}'

    def _name(self, objects: tuple[SceneObject, ...]) -> str:
        labels = dict.fromkeys(each.label for each in objects)
        return _join(
            [self._name_alike([each for each in objects if each.label == one]) for one in labels]
        )

    def _name_alike(self, objects: Sequence[SceneObject]) -> str:
        label = objects[0].label
        known = all(each.id in self._mentioned for each in objects)
        if len(objects) == 1 and known:
            return f'the {label}' if self._totals[label] == 1 else f'one of the {plural(label)}'
        others = any(
            self._objects[id].label == label for id in self._mentioned if id in self._objects
        )
        if others and len(objects) == 1:
            return f'another {label}'
        if others:
            return counted(len(objects), label).replace(' ', ' other ', 1)
        return counted(len(objects), label)


def _describe_label(scene: Scene, label: str) -> str:
    known = match((each.label for each in scene.objects), label)
    if not known:
        return f'I see no {label.strip()}.'
    label = known
    found = [each for each in scene.objects if each.label == label]
    if len(found) == 1:
        place = ' and '.join(_places(scene, found[0])[:2])
        be = 'are' if label in PLURAL else 'is'
        return _capital(f'the {label} {be} {place or _in_view(scene, found[0])}.')
    places = Counter(
        (_places(scene, each) or [_side(scene, each) or 'in view'])[0] for each in found
    )
    many = _capital(counted(len(found), label))
    if len(places) == 1:
        return f'{many} are {next(iter(places))}.'
    listed = [
        f'{number(count)} {"is" if count == 1 else "are"} {place}'
        for place, count in places.items()
    ]
    return f'{_capital(f"there are {counted(len(found), label)}")}: {_join(listed)}.'


def _places(scene: Scene, thing: SceneObject) -> list[str]:
    """Return where one object is, the most telling first: 'on the table', 'behind two people'."""
    objects = {each.id: each for each in scene.objects}
    labels = {id: each.label for id, each in objects.items()}
    totals = Counter(labels.values())
    groups: dict[str, list[str]] = {}
    used: set[str] = set()
    relations = _seen_from(_nearest_holders(scene.relations), thing.id)
    for relation in _by_importance(relations, objects):
        reference = labels[relation.object]
        # A thing is not told by what it holds, nor by others of its class.
        pointless = relation.predicate in _UNTOLD or reference == thing.label
        pointless = pointless or _is_told_by_less(objects, relation)
        if relation.object not in used and not pointless:
            used.add(relation.object)
            groups.setdefault(_phrase(relation.predicate, reference), []).append(reference)
    return [f'{phrase} {_join(_references(names, totals))}' for phrase, names in groups.items()]


def _in_view(scene: Scene, thing: SceneObject) -> str:
    """Return the place of what has none by another: where in the view, with what it holds."""
    labels = {each.id: each.label for each in scene.objects}
    totals = Counter(labels.values())
    held: dict[str, list[str]] = {}
    for relation in _nearest_holders(scene.relations):
        if relation.object == thing.id and relation.predicate in ('on', 'inside'):
            held.setdefault(relation.predicate, []).append(labels[relation.subject])
    place = f'in view {_side(scene, thing)}'.rstrip()
    if thing.view is not None:
        place = f'{place}, {math.hypot(*thing.view.position):.1f} m away'
    if thing.label in classes.PEOPLE:
        worn = [each for each in held.get('on', []) if each in classes.WORN]
        return f'{place}, wearing {_join([indefinite(each) for each in worn])}' if worn else place
    it = 'them' if thing.label in PLURAL else 'it'
    parts = [
        f'{_join(_references(names, totals))} {_PHRASES[predicate]} {it}'
        for predicate, names in held.items()
    ]
    return f'{place}, with {_join(parts)}' if parts else place


def _side(scene: Scene, thing: SceneObject) -> str:
    """Return the third of the view in which a thing is; nothing for one that is wider."""
    x0, _, x1, _ = thing.box
    if x1 - x0 > scene.width / 2:
        return ''
    third = int(3 * (x0 + x1) / 2 / max(scene.width, 1))
    return ('on the left', 'in the middle', 'on the right')[min(max(third, 0), 2)]


def _is_told_by_less(objects: dict[str, SceneObject], relation: Relation) -> bool:
    """Tell whether a large thing would be told by a small one beside it; people are large."""
    subject, reference = objects[relation.subject], objects[relation.object]
    if relation.predicate not in _BESIDE or reference.label in classes.PEOPLE:
        return False
    return area(subject.box) > _LARGER * area(reference.box)


def _references(names: list[str], totals: Counter[str]) -> list[str]:
    return [_reference(label, count, totals[label]) for label, count in Counter(names).items()]


def _reference(label: str, count: int, total: int) -> str:
    return f'the {label}' if count == total == 1 else counted(count, label)


def _nearest_holders(relations: Sequence[Relation]) -> list[Relation]:
    """Return the relations without those to what holds the holder: a pen on a book on a table."""
    held = {(r.subject, r.object) for r in relations if r.predicate in ('on', 'inside')}
    through = {(a, d) for a, b in held for c, d in held if b == c}
    return [each for each in relations if (each.subject, each.object) not in held & through]


def _turned(relation: Relation) -> list[Relation]:
    """Return the same from the other side, where people would say that, too."""
    if relation.predicate not in _BESIDE:
        return []
    predicate = INVERSE[relation.predicate]
    return [Relation(relation.object, predicate, relation.subject, relation.confidence)]


def _phrase(predicate: str, reference: str) -> str:
    if predicate == 'below' and reference in classes.LEGGED | classes.CANOPIES:
        return 'under'
    if predicate == 'on' and reference == 'wheelchair':
        return 'in'
    return _PHRASES[predicate]


def _seen_from(relations: Iterable[Relation], id: str) -> list[Relation]:
    """Return the relations of one object with it as the subject."""
    turned = []
    for relation in relations:
        if relation.subject == id:
            turned.append(relation)
        elif relation.object == id:
            predicate = INVERSE[relation.predicate]
            turned.append(Relation(id, predicate, relation.subject, relation.confidence))
    return turned


def _merge_neighbours(statements: list[_Statement]) -> list[_Statement]:
    """Turn 'a person is next to a person' into one statement about all who are in a row."""
    merged: list[_Statement] = []
    for statement in statements:
        reference = statement.reference
        same = reference and statement.subjects[0].label == reference.label
        if not same or statement.predicate not in ('next_to', 'near') or reference is None:
            merged.append(statement)
            continue
        row = (*statement.subjects, reference)
        joined = next((i for i, each in enumerate(merged) if _share(each, row)), None)
        if joined is None:
            merged.append(_Statement(row, statement.predicate, None))
        else:
            new = tuple(each for each in row if each not in merged[joined].subjects)
            merged[joined] = replace(merged[joined], subjects=merged[joined].subjects + new)
    return merged


def _merge_wearers(statements: list[_Statement]) -> list[_Statement]:
    """Turn what is worn around: 'two people are wearing a tie', not 'a tie is on a person'."""
    worn: dict[str, list[_Statement]] = {}
    others = []
    for statement in statements:
        label = statement.subjects[0].label
        on_person = statement.reference and statement.reference.label in classes.PEOPLE
        if on_person and statement.predicate == 'on' and label in classes.WORN:
            worn.setdefault(label, []).append(statement)
        else:
            others.append(statement)
    turned = []
    for group in worn.values():
        things = tuple(thing for each in group for thing in each.subjects)
        people = tuple(each.reference for each in group if each.reference)
        turned.append(_Statement(people, 'wearing', things[0], things[1:]))
    return turned + others


def _share(statement: _Statement, row: tuple[SceneObject, ...]) -> bool:
    return statement.reference is None and any(each in statement.subjects for each in row)


def _by_importance(
    relations: Iterable[Relation], objects: dict[str, SceneObject]
) -> list[Relation]:
    """Return the relations, the most telling first."""

    def rank(relation: Relation) -> tuple[int, float]:
        phrase = _phrase(relation.predicate, objects[relation.object].label)
        predicate = 'under' if phrase == 'under' else relation.predicate
        return _ORDER.index(predicate), -relation.confidence

    return sorted(relations, key=rank)


def _verb(statement: _Statement) -> str:
    verb = 'is' if len(statement.subjects) == 1 else 'are'
    people = all(each.label in classes.PEOPLE for each in statement.subjects)
    if statement.predicate in _BESIDE and all(map(_stands, statement.subjects)):
        return f'{verb} standing'
    if people and statement.predicate == 'on' and statement.reference:
        if all(map(_lies, statement.subjects)) and statement.reference.label in classes.BEDS:
            return f'{verb} lying'
        if statement.reference.label in classes.SEATS:
            return f'{verb} sitting'
    return verb


def _lies(person: SceneObject) -> bool:
    x0, y0, x1, y1 = person.box
    return x1 - x0 > y1 - y0


def _stands(thing: SceneObject) -> bool:
    x0, y0, x1, y1 = thing.box
    return thing.label in classes.PEOPLE and (y1 - y0) >= _UPRIGHT * (x1 - x0)


def _join(items: Sequence[str]) -> str:
    if len(items) < 2:
        return ''.join(items)
    return f'{", ".join(items[:-1])} and {items[-1]}'


def _capital(sentence: str) -> str:
    return sentence[0].upper() + sentence[1:]
