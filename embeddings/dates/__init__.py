"""The date grammar: the days that a text speaks of."""
