"""Citing print and checking quotations against it."""
