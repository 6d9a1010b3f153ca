"""Action plans 行动方案: key actions, what each step of a period demands of them, and what was done."""
