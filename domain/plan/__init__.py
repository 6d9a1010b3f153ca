"""Action plans: what a target's owner will do for it, as key actions so many a day, week or month."""
