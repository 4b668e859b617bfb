"""What does a check work with? The questions that it may ask, the knowledge base, and what is known of the
lists.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.core.model import Catalogue
from bot.lookups.resolver import Queries

if TYPE_CHECKING:
    from bot.lookups.blocklists import Lists


@dataclass(frozen=True, kw_only=True, slots=True)
class Kit:
    queries: Queries
    catalogue: Catalogue
    lists: "Lists"
    allow_networks: tuple[str, ...] = field(default=())
    """Networks that an SMTP probe may reach although they are not public; for tests."""
