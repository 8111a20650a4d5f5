"""Drills: what an archive withstands, tried out on one made of examples/issues; each prints its figures."""
