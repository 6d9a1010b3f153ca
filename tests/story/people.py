"""Who acts in the story."""

from __future__ import annotations

DIRECTOR, MANAGER, REP, OTHER = "lin.zong", "chen.jing", "zhang.san", "li.si"
