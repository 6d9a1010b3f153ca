"""The record of follow-ups 跟进记录表: who met whom, how, what was said and agreed, and how late it was entered."""
