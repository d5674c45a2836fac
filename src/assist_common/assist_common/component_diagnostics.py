# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The diagnostics that every component publishes: lifecycle, input, workers and latency."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from diagnostic_msgs.msg import DiagnosticStatus
from lifecycle_msgs.msg import State

if TYPE_CHECKING:
    from assist_common.component import Component

STATE_NAMES = {
    State.PRIMARY_STATE_UNKNOWN: 'unknown',
    State.PRIMARY_STATE_UNCONFIGURED: 'unconfigured',
    State.PRIMARY_STATE_INACTIVE: 'inactive',
    State.PRIMARY_STATE_ACTIVE: 'active',
    State.PRIMARY_STATE_FINALIZED: 'finalized',
}


class ComponentDiagnostics:
    """Adds its tasks to the component's updater."""

    def __init__(self, component: Component) -> None:
        self._component = component
        self._overflows = 0
        self._errors = 0
        component.diagnostics.add('lifecycle', self.lifecycle)
        component.diagnostics.add('input', self.input)
        component.diagnostics.add('workers', self.workers)
        component.diagnostics.add('latency', self.latency)

    def lifecycle(self, status: Any) -> Any:
        """Report the state; ERROR with the reason when a transition failed."""
        component = self._component
        # From here, so that it holds for every task, and from the first message on.
        component.diagnostics.setHardwareID(component.hardware_id)
        state = STATE_NAMES.get(component.state, 'unknown')
        if component.fault:
            status.summary(DiagnosticStatus.ERROR, component.fault)
        elif component.is_active:
            status.summary(DiagnosticStatus.OK, state)
        else:
            status.summary(DiagnosticStatus.WARN, state)
        status.add('state', state)
        return status

    def input(self, status: Any) -> Any:
        """Report refused messages and errors of callbacks; WARN while new ones come."""
        component = self._component
        total = component.rejected + component.errors
        if total > self._errors:
            text = f'{component.rejected} messages refused, {component.errors} errors; see the log'
            status.summary(DiagnosticStatus.WARN, text)
        else:
            status.summary(DiagnosticStatus.OK, 'all accepted')
        self._errors = total
        status.add('refused messages', str(component.rejected))
        status.add('errors', str(component.errors))
        return status

    def workers(self, status: Any) -> Any:
        """Report the queues; ERROR while something is lost that should not be."""
        lost = sum(worker.dropped for worker in self._component.workers if not worker.newest_only)
        if lost > self._overflows:
            status.summary(DiagnosticStatus.ERROR, f'{lost - self._overflows} items lost: overflow')
        else:
            status.summary(DiagnosticStatus.OK, 'keeping up')
        self._overflows = lost
        for worker in self._component.workers:
            status.add(f'{worker.name} waiting', f'{worker.pending} of {worker.capacity}')
            status.add(f'{worker.name} done', str(worker.done))
            status.add(f'{worker.name} skipped', str(worker.dropped))
            status.add(f'{worker.name} busy', f'{worker.busy_seconds:.1f} s')
        return status

    def latency(self, status: Any) -> Any:
        """Report every stage: its count, spread, median and tail."""
        summaries = self._component.latency.summary()
        status.summary(DiagnosticStatus.OK, f'{len(summaries)} stages measured')
        for stage in summaries:
            status.add(f'{stage.name} count', str(stage.count))
            for statistic in ('min', 'mean', 'max', 'p50', 'p95', 'p99'):
                seconds = getattr(stage, statistic)
                status.add(f'{stage.name} {statistic}', f'{seconds * 1000:.1f} ms')
        return status
