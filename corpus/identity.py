"""Which addresses name the same article."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

# Parameters that say where a reader came from, never which article is read.
TRACKING = frozenset(
    "fbclid gclid dclid gbraid wbraid msclkid twclid yclid igshid mc_cid mc_eid ref_src cmpid ocid smid sref".split()
)
TRACKING_PREFIXES = ("utm_", "at_", "pk_", "mtm_", "hsa_")


def address_key(url: str) -> str:
    """One string for every spelling of an address: scheme, case of the host, default port, tracking parameters,
    order of parameters, fragment and a trailing slash do not count.

    Raises:
        ValueError: it is no address: a port out of range, say, or half a character.
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").casefold().rstrip(".")
    port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    kept = sorted(
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if name.casefold() not in TRACKING and not name.casefold().startswith(TRACKING_PREFIXES)
    )
    query = f"?{urlencode(kept)}" if kept else ""
    key = f"{host}{port}{parts.path.rstrip('/')}{query}"
    key.encode()
    return key
