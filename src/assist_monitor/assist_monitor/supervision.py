# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Bring the nodes up in order, and bring back those that die, hang or fail.

`Supervision` looks at what is (heartbeats, answers, processes) and says what to do next; it never
remembers a plan. So a supervisor that is started anew beside a running graph finds nothing to do.

All nodes are configured at the same time, since each loads its model in its own process; they are
activated in the order of the list. Who fails or is missing holds nobody up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assist_common.errors import InputError

from assist_monitor import hangs, pings
from assist_monitor.actions import Action, Change, End, Note, Query, Severity, State, Transition
from assist_monitor.bring_up import BringUp
from assist_monitor.health import STATES, Beat
from assist_monitor.member import Limits, Member, MemberStatus
from assist_monitor.take_down import TakeDown

SETTLING = 1.0
"""Seconds after an answered transition in which heartbeats may still tell the state before it."""

UNHEEDED = 1.0
"""Seconds after which a node that is idle has not got the request for a transition."""


class Supervision:
    """The state machine; time is an argument in seconds on a steady clock."""

    def __init__(
        self,
        nodes: Sequence[str],
        limits: Limits,
        now: float,
        *,
        self_starting: Sequence[str] = (),
        started: float | None = None,
    ) -> None:
        """Begin to supervise.

        Args:
            nodes: fully qualified names, in the order of activation.
            self_starting: those of them that configure and activate themselves.
            started: moment that the bring-up is counted from, if not now.
        """
        self._limits = limits
        self._members = {
            name: Member(name, limits, self_starting=name in self_starting, now=now)
            for name in nodes
        }
        self._ticked = now
        self._pings = pings.Pings(now)
        self._bring_up = BringUp(limits, now, started=now if started is None else started)
        self._notes: list[Action] = []
        self._take_down: TakeDown | None = None

    # What is seen.

    def heard(self, beat: Beat, now: float, *, local: bool, age: float = 0.0) -> None:
        """Take a heartbeat.

        Args:
            local: its process is on this machine and may be ended.
            age: seconds since it came.
        """
        member = self._members.get(beat.node)
        if member is None:
            return
        self._forgive_own_absence(now)
        if self.is_new(beat.node, beat.pid):
            was_asked_before = member.heard is not None and not member.pid and not member.gone
            if was_asked_before:
                member.pid, member.local = beat.pid, local
            else:
                member.new_process(beat.pid, local, now)
        member.heard = now - age
        # A transition holds the executor up, and its answer can come before the next beat.
        executor_age = 0.0 if beat.in_transition else beat.executor_age
        hangs.take_ages(member, executor_age, beat.worker_age, now)
        member.in_transition = beat.in_transition
        self._check_claim(member, _state(beat.state), now)
        if now >= member.settled_until or beat.state == member.state:
            self._observe(member, _state(beat.state), now)

    def is_new(self, name: str, pid: int) -> bool:
        """Return whether this is another process than the one that is known, if any."""
        member = self._members.get(name)
        if member is None:
            return False
        return member.gone or member.pid != pid

    def process_gone(self, name: str, now: float) -> None:
        """Learn that the process of a node has ended."""
        member = self._members[name]
        if member.gone:
            return
        if member.ending_since is None and not member.hung:
            self._note(Severity.WARNING, f'{member.short} (process {member.pid}) has died.')
            self._failed(member, now)
        self._lose(member, now)

    def state_answered(self, name: str, state_id: int, now: float) -> None:
        """Take the answer of a node to the question for its state."""
        member = self._members[name]
        if state_id not in STATES:
            if not member.reported_garbage:
                member.reported_garbage = True
                self._note(
                    Severity.WARNING,
                    f'{member.short} says that its lifecycle state is {state_id}, which does not '
                    'exist; the answer was ignored.',
                )
            return
        if member.gone or member.heard is None:
            member.new_process(0, False, now)
        member.heard = now
        pings.answered(member)
        if member.pending is None:
            self._observe(member, _state(state_id), now)

    def answered(self, name: str, transition: Transition, success: bool, now: float) -> None:
        """Take the answer to a transition."""
        member = self._members[name]
        if member.pending != transition:
            return
        member.pending = None
        member.in_transition = False
        repeated, member.unheeded = member.unheeded > 0, 0
        if success:
            member.settled_until = now + SETTLING
            member.claimed = transition
            self._observe(member, transition.goal, now)
        elif repeated:
            # The first request may only have come late, and been done; its heartbeats will tell.
            member.attempts.not_before = now + SETTLING
        else:
            self._transition_failed(member, transition, 'failed; its own message says why', now)

    def not_sent(self, name: str) -> None:
        """Learn that a transition could not be asked for: the node offers no service yet."""
        self._members[name].pending = None

    def request_restart(self, name: str, now: float) -> str:
        """Restart a node by request; return what will be done.

        Raises:
            InputError: there is no such node.
        """
        member = next(
            (found for found in self._members.values() if name in (found.name, found.short)), None
        )
        if member is None:
            listed = ', '.join(found.short for found in self._members.values())
            raise InputError(f"there is no node '{name}' here", f'use one of: {listed}')
        member.attempts.succeeded()
        member.attempts.not_before = now
        member.manual_since = None
        if member.heard is None or member.gone:
            return f'{member.short} is not running; it is brought up as soon as its process is.'
        if not member.local:
            member.cleanup_due = True
            return f'{member.short} runs elsewhere; it is configured and activated anew.'
        member.ending_since = now
        member.force_sent = None
        member.trouble(now)
        self._notes.append(End(member.name, member.pid, force=False))
        return f'{member.short} (process {member.pid}) is being restarted.'

    def request_end(self) -> None:
        """From now on take the nodes down, the last one first, and bring none back."""
        self._take_down = TakeDown()

    # What to do.

    def tick(self, now: float) -> list[Action]:
        """Return what to do now; to be called several times a second."""
        if self._take_down is not None:
            self._notes = []
            return list(self._end(self._take_down, now))
        self._forgive_own_absence(now)
        actions, self._notes = self._notes, []
        for position, member in enumerate(self._members.values()):
            actions += self._step(member, position, now)
        actions += self._pings.tick(list(self._members.values()), now)
        actions += self._notes
        self._notes = []
        return [*actions, *self._bring_up.notes(list(self._members.values()), now)]

    def statuses(self, now: float) -> list[MemberStatus]:
        """Return how every node is."""
        return [
            MemberStatus(
                name=member.name,
                state=member.word,
                breaker=member.attempts.state(now),
                failures=member.attempts.failures,
                problem=member.problem(now),
            )
            for member in self._members.values()
        ]

    @property
    def bringing_up(self) -> bool:
        """Return whether the bring-up still goes on."""
        return self._bring_up.goes_on

    @property
    def active(self) -> list[str]:
        """Return the names of the nodes that are active, in the order of activation."""
        return [member.name for member in self._active]

    def local_pids(self) -> dict[str, int]:
        """Return the processes on this machine that should be alive."""
        return {
            member.name: member.pid
            for member in self._members.values()
            if member.local and member.heard is not None and not member.gone
        }

    # Inner workings.

    @property
    def _active(self) -> list[Member]:
        return [member for member in self._members.values() if member.word == 'active']

    def _observe(self, member: Member, state: State, now: float) -> None:
        before, member.state = member.state, state
        if state == State.INACTIVE and before != State.INACTIVE:
            member.ready_at = now
        if state == State.ACTIVE:
            self._became_active(member, now)
        elif member.active_since is not None:
            member.trouble(now)
            expected = member.pending is not None or member.cleanup_due or member.ending_since
            if not expected and self._take_down is None:
                self._deactivated_by_hand(member, now)

    def _became_active(self, member: Member, now: float) -> None:
        member.manual_since = None
        if member.active_since is not None:
            return
        member.active_since = now
        if member.trouble_since is not None:
            seconds = now - member.trouble_since
            self._note(Severity.INFO, f'{member.short} is active again after {seconds:.1f} s.')
            member.trouble_since = None

    def _deactivated_by_hand(self, member: Member, now: float) -> None:
        member.manual_since = now
        hold = self._limits.manual_hold
        then = f'it is brought back in {hold:g} s' if hold >= 0 else 'it is left so'
        self._note(
            Severity.WARNING,
            f'{member.short} is {STATES[member.state]}, by no doing of the supervisor; {then}.',
        )

    def _check_claim(self, member: Member, state: State, now: float) -> None:
        """Compare what a node answered to a transition with what it does."""
        pending = member.pending
        if pending is not None:
            done = state == pending.goal and not member.in_transition
            age = now - member.pending_since
            if done and age > SETTLING:
                self.answered(member.name, pending, True, now)
            elif age > UNHEEDED and not member.in_transition and member.executor_age < SETTLING:
                self._not_begun(member, pending, now)
            return
        claimed = member.claimed
        if claimed is None or member.in_transition:
            return
        if state != claimed.goal and now < member.settled_until:
            return
        member.claimed = None
        if state != claimed.goal:
            member.state = state
            self._transition_failed(member, claimed, 'was answered with yes but not done', now)

    def _not_begun(self, member: Member, transition: Transition, now: float) -> None:
        member.pending = None
        member.unheeded += 1
        how = 'was asked for but not begun'
        if member.unheeded < pings.DEAF:
            text = f'{member.short}: {transition.name.lower()} {how}; it is asked again.'
            self._note(Severity.WARNING, text)
        else:
            self._transition_failed(member, transition, how, now)

    def _transition_failed(
        self, member: Member, transition: Transition, how: str, now: float
    ) -> None:
        if member.state == transition.goal:
            return
        delay = self._failed(member, now)
        if transition == Transition.ACTIVATE:
            member.failed_activations += 1
            member.cleanup_due = member.failed_activations >= 2
        self._note(
            Severity.WARNING,
            f'{member.short}: {transition.name.lower()} {how}. Next attempt in {delay:.1f} s.',
        )

    def _failed(self, member: Member, now: float) -> float:
        was_open = member.attempts.state(now) == 'open'
        delay = member.attempts.failed(now)
        member.trouble(now)
        if member.attempts.state(now) == 'open' and not was_open:
            self._note(
                Severity.ERROR,
                f'{member.short} failed {member.attempts.failures} times in a row; the others go '
                f'on without it, and it is tried again in {delay:.0f} s.',
            )
        return delay

    def _lose(self, member: Member, now: float) -> None:
        member.lost_at = now
        member.pending = None
        member.in_transition = False
        member.trouble(now)

    def _note(self, severity: Severity, text: str) -> None:
        self._notes.append(Note(severity, text))

    def _forgive_own_absence(self, now: float) -> None:
        """Do not blame the nodes for the time in which the supervisor itself stood still."""
        gap = now - self._ticked
        self._ticked = now
        if gap >= hangs.OWN_GAP:
            for member in self._members.values():
                hangs.forgive(member, gap, now)

    def _end(self, take_down: TakeDown, now: float) -> Iterator[Action]:
        for member in take_down.due(self._active, now):
            yield self._change(member, Transition.DEACTIVATE, now)
        yield from take_down.notes(self._active, now)

    def _step(self, member: Member, position: int, now: float) -> Iterator[Action]:
        if not member.pid:
            yield from self._ask(member, now)
        if member.heard is None or member.gone:
            self._report_missing(member, now)
        elif member.ending_since is not None:
            yield from self._finish_ending(member, member.ending_since, now)
        elif fault := hangs.hang(member, self._limits, now):
            yield from self._handle_hang(member, fault, now)
        elif member.state == State.ACTIVE and member.active_since is not None:
            member.hung = ''
            yield from self._keep(member, member.active_since, now)
        elif not (member.pending or member.in_transition) and self._may_try(member, now):
            yield from self._advance(member, position, now)

    def _ask(self, member: Member, now: float) -> Iterator[Action]:
        """Ask a node that sends no heartbeats, or not yet."""
        last = member.since if member.queried is None else member.queried
        if now - last >= self._limits.query_period:
            member.queried = now
            yield Query(member.name)

    def _report_missing(self, member: Member, now: float) -> None:
        absent_since = member.since if member.lost_at is None else member.lost_at
        if member.reported_missing or now - absent_since < self._limits.respawn_timeout:
            return
        member.reported_missing = True
        member.trouble(absent_since)
        self._note(
            Severity.ERROR,
            f'{member.short} is not running and nothing has started it for '
            f'{now - absent_since:.0f} s; start it, or take it out of the parameter nodes.',
        )

    def _finish_ending(self, member: Member, since: float, now: float) -> Iterator[Action]:
        last = since if member.force_sent is None else member.force_sent
        if now - last >= self._limits.stop_timeout:
            member.force_sent = now
            yield End(member.name, member.pid, force=True)

    def _handle_hang(self, member: Member, fault: str, now: float) -> Iterator[Action]:
        if member.hung:
            return
        pending = member.pending
        self._failed(member, now)
        if member.local:
            member.hung = fault
            member.ending_since = member.force_sent = now
            member.pending = None
            yield Note(
                Severity.ERROR, f'{member.short} {fault}; its process {member.pid} is killed.'
            )
            yield End(member.name, member.pid, force=True)
        elif pending is not None and now - member.pending_since > hangs.longest(
            pending, self._limits
        ):
            member.pending = None
            yield Note(Severity.WARNING, f'{member.short} {fault}; it is asked again later.')
        elif hangs.standstill(member, self._limits) or pings.is_deaf(member):
            member.hung = fault
            yield Note(Severity.ERROR, f'{member.short} {fault}; restart it on its own machine.')
        else:
            yield Note(Severity.ERROR, f'{member.short} {fault}; it is taken for gone.')
            self._lose(member, now)

    def _keep(self, member: Member, active_since: float, now: float) -> Iterator[Action]:
        if now - active_since >= self._limits.stable_time and member.attempts.failures:
            member.attempts.succeeded()
            member.failed_activations = 0
        if member.cleanup_due and member.pending is None:
            yield self._change(member, Transition.DEACTIVATE, now)

    def _may_try(self, member: Member, now: float) -> bool:
        limits = self._limits
        hold = limits.manual_hold
        if member.manual_since is not None and (hold < 0 or now - member.manual_since < hold):
            return False
        if member.self_starting and now - member.since < limits.self_start_timeout:
            return False
        return now >= member.attempts.not_before

    def _advance(self, member: Member, position: int, now: float) -> Iterator[Action]:
        """Take the next step towards active: the ladder of recovery included."""
        is_deaf = member.unheeded >= pings.DEAF
        exhausted = member.failed_activations >= 3 or member.state == State.FINALIZED
        if (is_deaf or exhausted) and member.local:
            member.ending_since = now
            why = pings.FAULT if is_deaf else f'is {STATES[member.state]}'
            yield Note(
                Severity.WARNING, f'{member.short} {why}; process {member.pid} is restarted.'
            )
            yield End(member.name, member.pid, force=False)
        elif member.state == State.UNCONFIGURED:
            member.cleanup_due = False
            yield self._change(member, Transition.CONFIGURE, now)
        elif member.state == State.INACTIVE and member.cleanup_due:
            yield self._change(member, Transition.CLEANUP, now)
        elif member.state == State.INACTIVE and self._is_its_turn(member, position, now):
            yield self._change(member, Transition.ACTIVATE, now)

    def _is_its_turn(self, member: Member, position: int, now: float) -> bool:
        if member.ready_at is not None and now - member.ready_at > self._limits.order_timeout:
            return True
        earlier = list(self._members.values())[:position]
        return not any(_is_on_its_way(other) for other in earlier)

    def _change(self, member: Member, transition: Transition, now: float) -> Change:
        self._bring_up.acted = True
        member.pending = transition
        member.pending_since = now
        member.claimed = None
        return Change(member.name, transition)


def _is_on_its_way(member: Member) -> bool:
    waiting = member.state != State.ACTIVE and member.manual_since is None
    return waiting and not member.attempts.failures and not member.gone


def _state(state_id: int) -> State:
    return State(state_id) if state_id in STATES else State.UNKNOWN
