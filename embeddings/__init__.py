"""From an issue file to a searchable archive: reading, chunking, encoding, storing and searching."""
