# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Matchers for events that are meant for some lifecycle nodes."""

from ..matchers import matches_node_name

__all__ = ['matches_node_name']
