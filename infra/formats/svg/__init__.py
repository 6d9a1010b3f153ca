"""Charts as inline SVG: pure functions from figures to text, each with a title and a description that say them."""
