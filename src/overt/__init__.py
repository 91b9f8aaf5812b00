"""Overt live facial recognition trials: run in the open, decided by people, measured."""

__version__ = "0.1.0"
