"""The archive on disk: catalogue, full-text search, vector index; Archive is the only door."""
