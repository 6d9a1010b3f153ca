"""After-sales 售后: what was promised at the hand-over, the return visits, and what customers complain about."""
