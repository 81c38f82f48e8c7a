"""A site's file of reserved rights of text and data mining, ``/.well-known/tdmrep.json``; pure.

Follows the TDM Reservation Protocol (W3C Community Group report, 2024): rules in their order, the first whose pattern
matches the path counts, with patterns as robots.txt has them. A header of the answer goes before the file, the page's
own element before both.
"""

from __future__ import annotations

import json
from typing import Any

from protego import Protego

from corpus.robots import TOKEN

PATH = "/.well-known/tdmrep.json"
LARGEST = 512_000  # bytes
_RULES = 500
_PATTERN = 2_000  # characters


class Reservations:
    """The rules of one host.

    Args:
        data: the file; one that is not of the protocol reserves nothing, as the protocol has it.
    """

    def __init__(self, data: bytes = b"") -> None:
        try:
            rules = json.loads(data) if data else []
        except (ValueError, RecursionError):
            rules = []
        found = map(_rule, rules[:_RULES] if isinstance(rules, list) else [])
        self._rules = [rule for rule in found if rule is not None]

    def reserved(self, url: str) -> bool | None:
        """Whether the rights to an address are reserved; None where no rule speaks of it."""
        return next((reserved for rules, reserved in self._rules if not rules.can_fetch(url, TOKEN)), None)


def _rule(stated: Any) -> tuple[Protego, bool] | None:
    if not isinstance(stated, dict) or stated.get("tdm-reservation") not in (0, 1, "0", "1"):
        return None
    pattern = stated.get("location")
    if not isinstance(pattern, str) or not pattern.startswith(("/", "*")) or len(pattern) > _PATTERN:
        return None
    if any(sign.isspace() or sign == "#" for sign in pattern):
        return None
    return Protego.parse(f"User-agent: *\nDisallow: {pattern}"), stated["tdm-reservation"] in (1, "1")
