# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The parameters of intent_node."""

from __future__ import annotations

from dataclasses import dataclass

from assist_common.parameters import parameter


@dataclass(frozen=True)
class IntentParameters:
    """Parameters of intent_node."""

    language: str = parameter(
        'en', 'language of the packaged grammar: en or de, or one that was added', read_only=True
    )
    grammar: str = parameter(
        '', 'file with sentence templates; empty: the packaged one', read_only=True
    )
    grammar_extensions: tuple[str, ...] = parameter(
        (), 'files with more templates, lists and replies, joined to the grammar', read_only=True
    )
    policy: str = parameter('', 'safety policy file; empty: the packaged one', read_only=True)
    audit_folder: str = parameter(
        '', 'folder of the audit log; empty: ~/.ros/assist/audit/<node name>', read_only=True
    )
