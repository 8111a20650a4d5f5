"""From spans to what is shown: timeline, questions to go on with."""
