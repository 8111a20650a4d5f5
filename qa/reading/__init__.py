"""From passages to scored spans."""
