# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the InvalidLaunchFileError class."""


class InvalidLaunchFileError(Exception):
    """A launch file cannot be loaded; the message names the file, the line and the reason."""
