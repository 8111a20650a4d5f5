"""Questions saved as alerts: asked again when the archive grew, their new evidence told by command, API and feed."""
