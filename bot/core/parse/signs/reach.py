"""How much of a text is looked at?"""

HEAD = 12_000
"""Characters in which a report's own sentences are looked for."""
NEAR = 1500
"""Characters around a reply that say what it belongs to."""
