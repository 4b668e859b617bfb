"""What does a check work with? The questions that it may ask, the knowledge base, and what is known of the
lists.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.model import Catalogue
from bot.lookups.resolver import Queries

if TYPE_CHECKING:
    from bot.lookups.blocklists import Lists
    from bot.lookups.smtp import Prober


@dataclass(frozen=True, kw_only=True, slots=True)
class Kit:
    queries: Queries
    catalogue: Catalogue
    lists: "Lists"
    prober: "Prober | None" = None
    """Connects to mail servers; None where ALLOW_SMTP_PROBE is off."""
