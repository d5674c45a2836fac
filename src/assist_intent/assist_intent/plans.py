# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Several acts in one sentence, and sentences that a person corrects while speaking."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from assist_intent.grammar_file import FREE
from assist_intent.normaliser import Words, by_first_word, length_at, phrases
from assist_intent.referents import IT
from assist_intent.types import Step

MOST_CHUNKS = 8
"""Parts of a sentence between joining words; more are a story, no command."""

MOST_SHARED = 4
"""Things that one verb is said of, and one ending."""

SHORTEST_REASON = 3
"""Words before a request that can say why."""

SHORTEST_TURN = 2
"""Words that tell that a message is over, such as "and then"."""

_HOW_FAR = frozenset(('distance', 'angle'))
"""Slots of an act that a person may want twice."""
_ADDED_LATER = frozenset(('object', 'origin'))
"""Slots that a person names on asking a second time for the same."""

Read = Callable[[Words], Step | None]


class PlanReader:
    """Cuts sentences where one act may end and the next begin.

    Args:
        data: the section `normalisation` of a grammar file.
        read: returns the act that some words ask for, taken literally, or None.
        verbs: the words that a command can begin with.
    """

    def __init__(self, data: Mapping[str, Any], read: Read, verbs: frozenset[str]) -> None:
        self._joiners = by_first_word(phrases(data, 'joiners'))
        self._corrections = by_first_word(phrases(data, 'corrections'))
        self._requests = by_first_word(phrases(data, 'requests'))
        self._explanations = by_first_word(phrases(data, 'explanations'))
        self._articles = frozenset(data.get('articles') or ())
        self.unfinished = frozenset(data.get('unfinished') or ())
        """Words that a sentence never ends with."""
        self._situations = by_first_word(phrases(data, 'situations'))
        self._openers = frozenset(phrases(data, 'openers'))
        self._reports = frozenset(data.get('reports') or ())
        self._negations = frozenset(data.get('negations') or ())
        self._others = frozenset(data.get('others') or ())
        self._read = read
        self._verbs = verbs

    def steps(self, pieces: Sequence[Words]) -> tuple[Step, ...]:
        """Return the acts in their order; none when some part is not understood.

        Args:
            pieces: the words of the sentence between its commas.
        """
        chunks = self._chunks(pieces)
        if not 1 <= len(chunks) <= MOST_CHUNKS:
            return ()
        words = tuple(word for piece in pieces for word in piece)
        steps: list[Step] = []
        before: Words = ()
        index = 0
        while index < len(chunks):
            for end in range(len(chunks), index, -1):
                part = words[chunks[index][0] : chunks[end - 1][1]]
                step, said = self._step(part, before, steps[-1] if steps else None)
                if step and self._says_more(step, words, chunks[index:end]):
                    continue
                if step and steps and part[0] in self._articles and _refines(step, steps[-1]):
                    # "The brown shoes" after "my shoes" are no second pair, but a correction.
                    return ()
                found = [step] if step else self._run_together(part)
                if found:
                    # "Ring the nurse, it is urgent" is not said twice.
                    echo = said != part and found == steps[-1:]
                    steps += [] if echo else found
                    before = said or part
                    index = end
                    break
            else:
                parts = [words[begin:end] for begin, end in chunks[index:]]
                shared = self._shared(parts)
                if not shared:
                    return ()
                steps += shared
                before = parts[len(shared) - 1]
                index += len(shared)
        return tuple(steps)

    def _says_more(self, step: Step, words: Words, chunks: Sequence[tuple[int, int]]) -> bool:
        """Return whether a message has taken in what is asked for after it, as in "tell Anna that I
        am here and then come back"; "tell Anna to come here and then go home" is all for Anna."""
        if FREE not in step.values():
            return False
        for (_, end), (after, last) in itertools.pairwise(chunks):
            told = self._read(words[chunks[0][0] : end])
            # A bare "and" may as well go on with the message.
            if told and after - end >= SHORTEST_TURN:
                message = tuple(told.values().get(FREE, '').split())
                if message and not self._read(message) and self._read(words[after:last]):
                    return True
        return False

    def parts(self, pieces: Sequence[Words]) -> list[Words]:
        """Return the words between joining words, where there are several such parts."""
        chunks = self._chunks(pieces)
        words = tuple(word for piece in pieces for word in piece)
        several = 2 <= len(chunks) <= MOST_CHUNKS
        return [words[begin:end] for begin, end in chunks] if several else []

    def _shared(self, parts: Sequence[Words]) -> list[Step]:
        """Return the acts of the first parts that share their verb and their ending, as in "put
        the fork and the knife on the table"."""
        first = parts[0]
        if not any(word in self._verbs for word in first):
            return []
        for count in range(2, min(len(parts), MOST_SHARED) + 1):
            last = parts[count - 1]
            for index in range(1, len(last)):
                ending = last[index:]
                if not self._read((*first, *ending)):
                    continue
                for length in range(1, len(first)):
                    verb = first[:length]
                    between = ((*verb, *part, *ending) for part in parts[1 : count - 1])
                    said = [(*first, *ending), *between, (*verb, *last)]
                    steps = [step for words in said if (step := self._read(words))]
                    if len(steps) == count and len({step.name for step in steps}) == 1:
                        return steps
        return []

    def _run_together(self, part: Words) -> list[Step]:
        """Return two acts that follow each other without a word between."""
        for index in range(2, len(part) - 1):
            if part[index] in self._verbs:
                first, second = self._read(part[:index]), self._read(part[index:])
                if first and second:
                    # "Fetch the book and bring it here" is told in its order.
                    joined = any(length_at(self._joiners, part, at) for at in (index - 1, index))
                    again = [] if joined else _asked_again(first, second)
                    return again or _without_echo(first, second)
        return []

    def without_reasons(self, words: Words) -> Iterator[Words]:
        """Yield what stands before words that may begin to say why."""
        for index in range(SHORTEST_REASON, len(words)):
            if self._says_why(words, index):
                yield words[:index]

    def _says_why(self, words: Words, index: int) -> bool:
        """Return whether a reason may begin there; "you need not follow my sister" has none."""
        if not length_at(self._explanations, words, index):
            return False
        return words[index] not in self._articles or self._negations.isdisjoint(words[:index])

    def requested(self, pieces: Sequence[Words]) -> tuple[Step, ...]:
        """Return the acts of a sentence in which a person also says why.

        Args:
            pieces: the words of the sentence between its commas.
        """
        words = tuple(word for piece in pieces for word in piece)
        if self._reports & set(words):
            return self._about_others(pieces)
        if length_at(self._situations, words, 0) and len(pieces[0]) > 1:
            for index in range(1, len(pieces)):
                if steps := self.steps(pieces[index:]):
                    return steps
        for index in range(1, len(words)):
            request: Words = ()
            if length_at(self._corrections, words, index):
                return ()
            if length_at(self._requests, words, index):
                # "Do not, please" is no reason, but takes the request back.
                request = words[index:] if index >= SHORTEST_REASON else ()
            elif self._says_why(words, index):
                request = words[:index]
            if request and (steps := self.steps([request])):
                return steps
        return ()

    def corrected(self, pieces: Sequence[Words]) -> Step | None:
        """Return the act of a sentence such as "bring the blue, no, the red cup", or "bring me
        the cup, the red one".

        Args:
            pieces: the words of the sentence between its commas.
        """
        words = tuple(word for piece in pieces for word in piece)
        for cut in range(1, len(pieces)):
            if pieces[cut][0] in self._articles and not self._reports & set(words):
                before = tuple(word for piece in pieces[:cut] for word in piece)
                after = tuple(word for piece in pieces[cut:] for word in piece)
                if before[0] in self._verbs and (step := self._completed(before, after, least=1)):
                    return step
        for index in range(1, len(words)):
            length = length_at(self._corrections, words, index)
            before, after = words[:index], words[index + length :]
            if length and after and (step := self._completed(before, after)):
                return step
        return None

    def _about_others(self, pieces: Sequence[Words]) -> tuple[Step, ...]:
        """Return the acts that are asked for before it is told of somebody else why, as in "follow
        my wife, she walks fast"."""
        words = tuple(word for piece in pieces for word in piece)
        if not self._reports & set(words) <= self._others:
            return ()
        for cut in range(1, len(pieces)):
            if pieces[cut][0] in self._others:
                return self.steps(pieces[:cut])
        for index in range(SHORTEST_REASON, len(words)):
            if words[index] in self._others and self._says_why(words, index):
                return self.steps([words[:index]])
        return ()

    def restarted(self, words: Words, last: Words) -> tuple[Step, ...]:
        """Return the acts of a sentence that begins with another one that broke off, as in "bring
        me the, go to the kitchen".

        Args:
            last: what was said after "...", if anything was.
        """
        if words[0] not in self._verbs - self.unfinished or self._reports & set(words):
            return ()
        for index in range(2, len(words)):
            anew = words[index - 1] in self.unfinished and words[index] in self._verbs
            if anew and (steps := self.steps([words[index:]])):
                return steps
        return self.steps([last]) if last else ()

    def _step(self, part: Words, before: Words, last: Step | None) -> tuple[Step | None, Words]:
        """Return the act of a part and its words; a part without a verb takes that before.

        Of several such readings it is the one that speaks of another object.
        """
        if step := self._read(part):
            return step, part
        found: list[tuple[Step, Words]] = []
        for length in range(len(before) - 1, 0, -1):
            said = (*before[:length], *part)
            step = self._read(said)
            if step and last and step.name == last.name:
                if step.values().get('object') != last.values().get('object'):
                    return step, said
                found.append((step, said))
        return found[0] if found else (None, ())

    def _completed(self, before: Words, after: Words, least: int = 0) -> Step | None:
        for length in range(len(before), least - 1, -1):
            step = self._read((*before[:length], *after))
            # "On the chair, no, under the bed" is no chair that is under a bed.
            if step and (length < len(before) or 'second_relation' not in step.values()):
                return step
        return None

    def _chunks(self, pieces: Sequence[Words]) -> list[tuple[int, int]]:
        """Return begin and end of what stands between joining words and commas."""
        chunks: list[tuple[int, int]] = []
        offset = 0
        for piece in pieces:
            begin = index = 0
            while index < len(piece):
                length = length_at(self._joiners, piece, index)
                if not length:
                    index += 1
                    continue
                if index > begin:
                    chunks.append((offset + begin, offset + index))
                elif not offset + index and piece[:length] not in self._openers:
                    # "Before you go" begins no command.
                    return []
                begin = index = index + length
            if begin < len(piece):
                chunks.append((offset + begin, offset + len(piece)))
            offset += len(piece)
        return chunks


def _refines(step: Step, last: Step) -> bool:
    """Return whether a step asks for the same object, and says more of it."""
    return step.name == last.name and last.values().items() < step.values().items()


def _asked_again(first: Step, second: Step) -> list[Step]:
    """Return the one act that two steps ask for, as in "I need my book, could you bring it from the
    office"; none where they are two."""
    mine, theirs = first.values(), second.values()
    named = mine.get('object', IT) != IT and theirs.get('object') == IT
    if first.name != second.name or not named or not theirs.keys() <= _ADDED_LATER:
        return []
    if not {'origin'} & mine.keys() & theirs.keys() or mine['origin'] == theirs['origin']:
        new = (slot for slot in second.slots if slot.name not in mine)
        return [replace(first, slots=(*first.slots, *new))]
    return []


def _without_echo(first: Step, second: Step) -> list[Step]:
    """Return both steps, or the one that says more where they ask for the same."""
    if first.name != second.name:
        return [first, second]
    if not (first.slots and second.slots):
        return [first if first.slots else second]
    same = first.values() == second.values() and _HOW_FAR.isdisjoint(first.values())
    return [first] if same else [first, second]
