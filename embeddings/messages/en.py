"""What is told in English."""

TEXTS = {
    "error": "Error: {error}",
}
