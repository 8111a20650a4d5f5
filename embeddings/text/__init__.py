"""Chinese text: folding, words, sentences, chunks, numerals, names."""
