# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Descriptions of what ROS actions work with."""

from launch._unsupported import named_import_error

from .parameter_descriptions import Parameter, ParameterFile, ParameterValue

__all__ = ['Parameter', 'ParameterFile', 'ParameterValue']

__getattr__ = named_import_error(__name__)
