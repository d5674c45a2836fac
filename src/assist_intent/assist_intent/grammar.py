# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""From words to an intent with slots, by the sentence templates of a language."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import hassil
from assist_common import garbage

from assist_intent import grammar_file
from assist_intent.fuzzy import Corrector
from assist_intent.islands import IslandReader
from assist_intent.normaliser import LONGEST_TEXT, Normaliser, Words
from assist_intent.plans import PlanReader
from assist_intent.rewording import Rewordings
from assist_intent.stop_detector import StopDetector
from assist_intent.templates import Templates
from assist_intent.types import OWN_INTENTS, Match, Slot, Step, Understanding

LEAST_SCORE = 0.7
"""Below it a corrected sentence is not proposed to the person."""
CORRECTED_SCORE = 0.9
"""Score of a sentence of which a part was left out, since the person corrected it while speaking,
or said why: it is asked about."""
ALTERNATIVE_SCORE = 0.8
"""Score of what was not heard best, but may have been said."""
MOST_ATTEMPTS = 6
"""Corrected sentences that are tried; bounds the time that one transcript takes."""

MOST_MISHEARD = 7
"""Alternatives that are looked at word by word, the likeliest; bounds the time."""

NOT_EXPECTED = ('yes', 'no', 'select')
"""Intents that a recogniser must not be led to hear: they answer and approve."""
NEVER_NEARLY = ('select', 'tell')
"""Intents whose sentences take so many words that one misheard word proves nothing."""

NEVER_EXPLAINED = ('greet',)
"""Intents that nobody gives a reason for: "hello Anna, it is me" is said on the telephone. Nor do
they end a sentence that breaks off: "I like an egg of a morning"."""

HOLDING = ('no', 'pause', 'cancel', 'repeat')
"""Intents of the dialogue that begin nothing."""

UNSAID = 'unsaid'
"""Slot of words that change nothing, such as where to follow somebody."""

_LONGEST_UNKNOWN = 3
_UNIT = '_unit'


class Grammar:
    """The sentences of one language; made by `Grammar.load`."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.language = str(data['language'])
        self.responses: dict[str, Any] = data.get('responses') or {}
        self._templates = Templates(data)
        seen: dict[str, bool] = data.get('seen') or {}
        self.unseen = frozenset(label for label, is_seen in seen.items() if not is_seen)
        """Labels of things that no detector finds."""
        section = data.get('normalisation') or {}
        self.normaliser = Normaliser(section)
        self._kept = frozenset(section.get('kept') or ())
        self._expected: list[str] = (data.get('recognition') or {}).get('expected') or []
        self._answers: dict[str, list[str]] = section.get('answers') or {}
        self.stop = StopDetector(
            self.normaliser, section.get('stop') or {}, self._templates.sentences_of('stop')
        )
        self._plans = PlanReader(section, self._step, self._templates.first_words(OWN_INTENTS))
        self._rewordings = Rewordings(section)
        self._begins = self._templates.first_words(OWN_INTENTS) | self.normaliser.first_openers
        self._islands = IslandReader(
            data.get('islands') or {}, self._templates.part, self.normaliser.negations
        )
        self._learn_words(self._templates)
        self._named = self._templates.object_names
        self._labels: frozenset[str] = frozenset()
        self._known_labels = self._named
        self._learning = threading.Lock()

    @classmethod
    def load(cls, *paths: str | Path) -> Grammar:
        """Read one or more files; later ones add to the first.

        Raises:
            ConfigurationError: names the file and, as far as it is known, the line.
        """
        collecting = gc.isenabled()
        _let_former_go()
        # Almost all of the many small objects stay: looking for garbage would take half the time.
        gc.disable()
        try:
            return cls(grammar_file.load(*paths))
        finally:
            grammar_file.parsed.cache_clear()
            # Else it looks through all of it again while somebody waits, for up to 0.4 s.
            gc.freeze()
            if collecting:
                gc.enable()

    @property
    def intents(self) -> tuple[str, ...]:
        """Return the names of all intents."""
        return self._templates.names

    @property
    def objects(self) -> frozenset[str]:
        """Return the labels of all objects that the files name."""
        return self._templates.object_labels

    def examples(self) -> tuple[list[str], list[str]]:
        """Return a sentence for each command, with {object} for a thing, and names of things."""
        return self._templates.examples(NOT_EXPECTED)

    def expected(self) -> tuple[list[str], list[str]]:
        """Return the sentences that a recogniser should expect, with {object} for a thing, the most
        important last, and names of things.
        """
        sentences, objects = self.examples()
        return self._expected or sentences, objects

    def know_labels(self, labels: Iterable[str]) -> None:
        """Let the labels of a detector be objects too, where the file does not name them.

        May be called from any thread, also while others understand sentences.
        """
        wanted = frozenset(labels)
        if wanted <= self._known_labels:
            return
        with self._learning:
            self._known_labels |= wanted
            new = wanted - self._named
            self._labels |= {label for label in new if not hassil.is_template(label)}
            # Other threads read sentences meanwhile: each part is replaced as a whole.
            self._learn_words(self._templates.with_objects(self._labels))

    def _learn_words(self, templates: Templates) -> None:
        vocabulary = templates.words
        self._corrector = Corrector(
            vocabulary, self.normaliser.negations, self._kept, self._plans.unfinished
        )
        self._vocabulary = vocabulary
        self._known = [templates.first_phrase(name) for name in ('object', 'place')]
        self._templates = templates

    def understand(self, text: str, alternatives: Iterable[str] = ()) -> Understanding:
        """Return what a text means: exactly, nearly, or nothing (an empty name).

        Args:
            alternatives: other readings of what was heard, the likeliest first. They count where
                the text means nothing, and then nearly, also with one word that sounds like
                another; a yes that may have been a no is not clear.
        """
        alternatives = tuple(alternatives)
        meaning = self._understand(text)
        if meaning.name and meaning.name != 'yes':
            return meaning
        found = [other for other in map(self._certainly, alternatives) if other]
        if meaning.name:
            if all(other.name == 'yes' for other in found):
                return meaning
            return replace(meaning, match=Match.FUZZY, score=ALTERNATIVE_SCORE)
        # A stop has a path of its own, which knows whether the robot is at work.
        first = next((other for other in found if other.name != 'stop'), None)
        if first is None:
            heard = (text, *alternatives[:MOST_MISHEARD]) if alternatives else ()
            return next(filter(None, map(self._misheard, heard)), meaning)
        return replace(first, text=text, match=Match.FUZZY, score=ALTERNATIVE_SCORE)

    def _understand(self, text: str) -> Understanding:
        if len(text) > LONGEST_TEXT:
            return self._only_stop(text)
        pieces = self.normaliser.pieces(text)
        words = tuple(word for piece in pieces for word in piece)
        if not words:
            return Understanding(text)
        if self.normaliser.has_idiom(words):
            return self._only_stop(text)
        meaning = (
            self._certain(pieces, text)
            or self._corrected(pieces, text)
            or self._restarted(words, text)
            or self._reworded(words, text)
            or self._requested(pieces, text)
        )
        if meaning:
            return meaning
        if self.stop.detect(text, busy=False):
            return Understanding(text, name='stop', score=1.0)
        core = self.normaliser.core(words)
        guess = (
            self._nearly(core, text) or self._guessed(pieces, text) or self._holding(pieces, text)
        )
        return guess or Understanding(
            text,
            unknown=self._unknown(core),
            negated=not self.normaliser.negations.isdisjoint(words),
        )

    def _certainly(self, text: str) -> Understanding | None:
        pieces = self.normaliser.pieces(text[:LONGEST_TEXT])
        words = tuple(word for piece in pieces for word in piece)
        if not words or self.normaliser.has_idiom(words):
            return None
        return self._certain(pieces, text)

    def _certain(self, pieces: Sequence[Words], text: str) -> Understanding | None:
        words = tuple(word for piece in pieces for word in piece)
        meaning = self._literally(words, text)
        if meaning and meaning.value(grammar_file.FREE):
            # The message may have taken in what is asked for after it.
            return self._plan(pieces, text) or meaning
        return (
            meaning
            or self._agreeing(pieces, text)
            or self._answer_with_tail(pieces, text)
            or self._plan(pieces, text)
        )

    def _only_stop(self, text: str) -> Understanding:
        if self.stop.detect(text, busy=False):
            return Understanding(text, name='stop', score=1.0)
        return Understanding(text[:LONGEST_TEXT])

    def _literally(self, words: Words, text: str) -> Understanding | None:
        """Return what the words mean, with as many of them as make sense.

        "Perhaps yes" and "can you do it?" approve nothing, whatever they hold.
        """
        for form in self.normaliser.forms(words):
            meaning = self._exact(form, text)
            if meaning and (meaning.name != 'yes' or self.normaliser.may_be_yes(words, form)):
                return meaning
        return None

    def _exact(self, words: Words, text: str) -> Understanding | None:
        result = self._templates.recognise(words)
        if result is None:
            return None
        return Understanding(text, result.intent.name, _slots(result.entities_list), score=1.0)

    def _step(self, words: Words) -> Step | None:
        """Return the act that some words ask for, by themselves."""
        meaning = self._literally(words, '')
        if meaning is None or meaning.name in OWN_INTENTS:
            return None
        return meaning.steps[0]

    def _agreeing(self, pieces: Sequence[Words], text: str) -> Understanding | None:
        """Return what each piece says by itself, as in "please do not, no"."""
        if len(pieces) < 2:
            return None
        first, *others = (self._literally(piece, text) for piece in pieces)
        if first is None or first.name not in OWN_INTENTS:
            return None
        same = all(other and other.steps == first.steps for other in others)
        return first if same else None

    def _holding(self, pieces: Sequence[Words], text: str) -> Understanding | None:
        """Return a no, a pause and the like that more words follow, which mean nothing.

        It only ever holds or ends something, and nothing where nothing goes on.
        """
        if len(pieces) < 2:
            return None
        meaning = self._literally(pieces[0], text)
        if meaning is None or meaning.name not in HOLDING:
            return None
        return replace(meaning, match=Match.FUZZY, score=CORRECTED_SCORE)

    def _plan(self, pieces: Sequence[Words], text: str) -> Understanding | None:
        steps = self._plans.steps(pieces)
        return Understanding(text, score=1.0).with_steps(steps) if steps else None

    def _corrected(self, pieces: Sequence[Words], text: str) -> Understanding | None:
        step = self._plans.corrected(pieces)
        if step is None:
            return None
        return Understanding(text, step.name, step.slots, Match.FUZZY, CORRECTED_SCORE)

    def _restarted(self, words: Words, text: str) -> Understanding | None:
        """Return what is asked for after a beginning that broke off; it is asked about."""
        if not self.normaliser.negations.isdisjoint(words):
            return None
        *broken_off, last = self.normaliser.parts_between_dots(text)
        for form in dict.fromkeys((words, self.normaliser.core(words))):
            steps = self._plans.restarted(form, last if broken_off else ())
            if steps and any(step.name not in NEVER_EXPLAINED for step in steps):
                meaning = Understanding(text, match=Match.FUZZY, score=CORRECTED_SCORE)
                return meaning.with_steps(steps)
        return None

    def _requested(self, pieces: Sequence[Words], text: str) -> Understanding | None:
        """Return what is asked for in a sentence that also says why; it is asked about."""
        steps = self._plans.requested(pieces)
        if all(step.name in NEVER_EXPLAINED for step in steps):
            return None
        meaning = Understanding(text, match=Match.FUZZY, score=CORRECTED_SCORE)
        return meaning.with_steps(steps)

    def _reworded(self, words: Words, text: str) -> Understanding | None:
        """Return what is asked for in another way than by a command; it is asked about."""
        wishes = (words, *self._plans.without_reasons(words))
        step = next((step for wish in wishes if (step := self._plainly(wish))), None)
        if step is None:
            return None
        return Understanding(text, step.name, step.slots, Match.FUZZY, CORRECTED_SCORE)

    def _plainly(self, words: Words) -> Step | None:
        """Return the act that a rewording asks for; none of them may hold a not."""
        for form in dict.fromkeys((words, self.normaliser.core(words))):
            wholes = self._rewordings.without_pronoun(form, self._begins)
            for plain in (*self._rewordings.plain(form), *wholes):
                if self.normaliser.negations.isdisjoint(plain) and (step := self._step(plain)):
                    return step
        return None

    def _answer_with_tail(self, pieces: Sequence[Words], text: str) -> Understanding | None:
        """Return a yes or no that more follows, as in "yes, bring the knife".

        Only single words that the file names answer so: "do not" is a no by itself, but must
        never become one that a command follows.
        """
        words = tuple(word for piece in pieces for word in piece)
        cores = {'yes': self.normaliser.core_of_yes(words), 'no': self.normaliser.core(words)}
        for answer, core in cores.items():
            for candidate in (words, core):
                if len(candidate) > 1 and candidate[0] in self._answers.get(answer, ()):
                    rest = candidate[1:]
                    tail = self._literally(rest, text) or self._plan([rest], text)
                    if tail and tail.name == 'stop':
                        return tail
                    if tail:
                        return Understanding(text, name=answer, score=1.0, tail=tail)
        return None

    def _misheard(self, text: str) -> Understanding | None:
        """Return what was meant where one word was heard for another; it is asked about."""
        words = self.normaliser.words(text[:LONGEST_TEXT])
        if not words or self.normaliser.has_idiom(words):
            return None
        return self._first_that_fits(self._corrector.misheard(self.normaliser.core(words)), text)

    def _nearly(self, words: Words, text: str) -> Understanding | None:
        return self._first_that_fits(self._corrector.proposals(words), text)

    def _first_that_fits(
        self, proposals: Iterable[tuple[Words, float]], text: str
    ) -> Understanding | None:
        attempts = 0
        for sentence, score in proposals:
            if score < LEAST_SCORE or attempts == MOST_ATTEMPTS:
                break
            if not self._templates.may_fit(sentence):
                continue
            attempts += 1
            meaning = self._exact(sentence, text)
            if meaning and meaning.name not in NEVER_NEARLY:
                return replace(meaning, match=Match.FUZZY, score=round(score, 3))
        return None

    def _guessed(self, pieces: Sequence[Words], text: str) -> Understanding | None:
        """Return what may be asked for between words that no template has; it is asked about."""
        words = tuple(word for piece in pieces for word in piece)
        for parts in (self._plans.parts(pieces), [words]):
            guesses = [self._guess(part) for part in parts]
            found = [guess for guess in guesses if guess]
            if found and len(found) == len(guesses):
                meaning = Understanding(
                    text, match=Match.FUZZY, score=min(score for _, score in found)
                )
                return meaning.with_steps([step for step, _ in found])
        return None

    def _guess(self, words: Words) -> tuple[Step, float] | None:
        if step := self._step(words) or self._plainly(words):
            return step, 1.0
        # "Come on" may open a sentence, and may be its verb.
        for form in dict.fromkeys((self.normaliser.core(words), words)):
            chart = self._templates.chart(self.normaliser.with_verbs(form))
            for reading in self._islands.readings(chart):
                meaning = self._exact(reading.words, '')
                if meaning and meaning.name == reading.intent and meaning.name not in OWN_INTENTS:
                    return meaning.steps[0], round(reading.explained, 3)
        return None

    def _unknown(self, words: Words) -> str:
        """Return the words that stand where an object or place should; "" where none does."""
        for first, end in self._strange_spans(words):
            for known in self._known:
                if self._step((*words[:first], *known, *words[end:])):
                    return ' '.join(words[first:end])
        return ''

    def _strange_spans(self, words: Words) -> Iterator[tuple[int, int]]:
        """Yield begin and end of what may be the name of something: words that the grammar does
        not know, then the last words, which it may know from elsewhere."""
        strange = [index for index, word in enumerate(words) if word not in self._vocabulary]
        if strange and strange[-1] - strange[0] < _LONGEST_UNKNOWN:
            yield strange[0], strange[-1] + 1
        for length in range(1, min(_LONGEST_UNKNOWN, len(words) - 1) + 1):
            yield len(words) - length, len(words)


def _let_former_go() -> None:
    """Collect grammars that nobody has any more; a first load has none to wait for."""
    if gc.get_freeze_count():
        garbage.collect()


def _slots(entities: Iterable[Any]) -> tuple[Slot, ...]:
    """Return the slots of a reading; an amount is multiplied by its unit."""
    found = {entity.name: entity for entity in entities}
    slots = []
    for name, entity in found.items():
        if name.endswith(_UNIT) or name == UNSAID:
            continue
        unit = found.get(name + _UNIT)
        value = _number(float(entity.value) * float(unit.value)) if unit else _text(entity.value)
        said = f'{entity.text_clean} {unit.text_clean}' if unit else entity.text_clean
        slots.append(Slot(name, value, said))
    return tuple(slots)


def _text(value: Any) -> str:
    return _number(value) if isinstance(value, (int, float)) else str(value)


def _number(value: float) -> str:
    return f'{round(value, 3):g}'
