"""Block Kit as pure functions of values; no I/O, no clock."""
