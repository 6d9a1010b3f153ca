"""The customer: one history from the first trace to repurchase; a lead is a customer in an early stage."""
