"""A company's whole year: played from its lines, and every total of every view held against plain arithmetic on them."""
