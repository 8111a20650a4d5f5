"""The encoder: its weights, its question side, low-rank adapters."""
