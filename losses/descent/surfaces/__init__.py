"""Ways to add up a loss over all rows at every point of a plane, each with a bound of its error."""
