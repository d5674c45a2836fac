# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""What is said first, and what not at all."""

from __future__ import annotations

from assist_audio.utterance_queue import Priority, QueuedUtterance, UtteranceQueue

LOW, NORMAL, HIGH, URGENT = Priority


def put(queue: UtteranceQueue, text: str, priority: Priority = NORMAL, deadline=float('inf')):
    return queue.put(QueuedUtterance(text, priority, deadline))


def said(queue: UtteranceQueue, now: float = 0.0) -> list[str]:
    texts = []
    while utterance := queue.take(now):
        texts.append(utterance.text)
    return texts


def test_equals_are_said_in_order() -> None:
    queue = UtteranceQueue()
    for text in 'abc':
        put(queue, text)
    assert said(queue) == ['a', 'b', 'c']


def test_high_goes_before_all_but_what_is_as_high() -> None:
    queue = UtteranceQueue()
    put(queue, 'a')
    put(queue, 'x', HIGH)
    put(queue, 'b')
    put(queue, 'y', HIGH)
    assert said(queue) == ['x', 'y', 'a', 'b']


def test_urgent_empties_the_queue() -> None:
    queue = UtteranceQueue()
    put(queue, 'a', HIGH)
    put(queue, 'b')
    put(queue, 'stopped', URGENT)
    put(queue, 'after')
    assert said(queue) == ['stopped', 'after']
    assert queue.dropped == 2


def test_low_is_said_only_when_nothing_else_waits() -> None:
    queue = UtteranceQueue()
    put(queue, 'low', LOW)
    assert said(queue) == ['low']
    put(queue, 'low', LOW)
    put(queue, 'a')
    put(queue, 'low again', LOW)
    assert said(queue) == ['a']
    assert queue.dropped == 2


def test_what_is_out_of_date_is_not_said() -> None:
    queue = UtteranceQueue()
    put(queue, 'old', deadline=5.0)
    put(queue, 'new', deadline=15.0)
    assert said(queue, now=10.0) == ['new']
    assert queue.expired == 1


def test_a_full_queue_refuses() -> None:
    queue = UtteranceQueue(capacity=2)
    assert put(queue, 'a')
    assert put(queue, 'b')
    assert not put(queue, 'c')
    assert put(queue, 'stopped', URGENT)
    assert said(queue) == ['stopped']
