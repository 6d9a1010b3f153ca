"""What may happen and what must hold: events, states, decisions and rules, with the standard library only."""
