"""Screens of single subjects."""
