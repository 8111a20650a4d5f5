"""Bringing issues into an archive: sync, uploads, rebuild."""
