"""Collaborations 协作节点: what other departments were asked for, and what they delivered when."""
