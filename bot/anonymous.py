"""Network addresses for counting, so that no address is kept: both doors limit what one may do."""

from __future__ import annotations

import hashlib
import ipaddress
import secrets

IPV6_HOUSEHOLD = 64
"""Bits that all addresses of one connection share."""


class AnonymousAddresses:
    """Stands in for addresses with hashes whose salt dies with this process."""

    def __init__(self) -> None:
        self._salt = secrets.token_bytes(16)

    def of(self, address: str) -> str:
        """The same for the same address; one household's IPv6 addresses count as one."""
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            network = address
        else:
            prefix = IPV6_HOUSEHOLD if parsed.version == 6 else 32
            network = str(ipaddress.ip_network((parsed, prefix), strict=False))
        return hashlib.sha256(self._salt + network.encode()).hexdigest()
