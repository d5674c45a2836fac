# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the Event class."""


class Event:
    """Something that happened while launching."""

    name = 'launch.Event'
