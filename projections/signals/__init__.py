"""Buying signals 成交信号: what customers asked for, and whether anything came of it in time."""
