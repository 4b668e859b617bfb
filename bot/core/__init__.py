"""The pure core: text in, diagnosis out. No input or output, no clock, no network."""
