"""Which causes must the knowledge base have, in which family, and who acts?

The slugs are a contract: tickets, scripts and labelled corpora use exactly these strings.
"""

from types import MappingProxyType

_TABLE = """
recipient  sender     no-such-user bad-recipient-syntax recipient-moved
recipient  recipient  mailbox-unavailable mailbox-disabled mailbox-full recipient-restricted
routing    sender     domain-not-found relay-denied
routing    recipient  domain-not-hosted mail-loop server-unreachable tls-failure
submission sender     auth-required bad-credentials sender-not-allowed sending-limit sender-suspended isp-restricted
authentication sender sender-unverifiable spf-failed dkim-failed dmarc-failed unauthenticated missing-ptr bad-helo
reputation sender     ip-blocklisted domain-blocklisted bad-reputation
reputation recipient  geo-blocked
policy     sender     spam-content virus-detected attachment-blocked message-too-large malformed-message
policy     recipient  sender-blocked policy-violation
throttling sender     rate-limited too-many-recipients
throttling nobody     greylisted
server     recipient  server-error
server     sender     protocol-error
none       nobody     not-a-bounce unknown
"""

CAUSES = MappingProxyType(
    {
        slug: (family, party)
        for family, party, *slugs in map(str.split, _TABLE.strip().splitlines())
        for slug in slugs
    }
)
"""Each slug with its family and the party that acts."""
