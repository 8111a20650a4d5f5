"""Questions: their JSON, their way to the reader, their routes."""
