"""Which addresses name the same article."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

# Parameters that say where a reader came from, never which article is read.
TRACKING = frozenset(
    "fbclid gclid dclid gbraid wbraid msclkid twclid yclid igshid mc_cid mc_eid ref_src cmpid ocid smid sref".split()
)
TRACKING_PREFIXES = ("utm_", "at_", "pk_", "mtm_", "hsa_")

# Other deliveries of the same page: for AMP readers, for telephones, for the host with and without "www".
_DELIVERY_HOST = re.compile(r"(?:www|m|mobile|amp)\.(?=[^.]+\.[^.])")
_AMP_PARAMETERS = {"amp": {"", "1", "true"}, "outputtype": {"amp"}, "output": {"amp"}}
_AMP_ENDING = re.compile(r"/amp$|\.amp$|\.amp(?=\.html?$)", re.I)
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_SAFE = "/%:@!$&'()*+,;="


@lru_cache(maxsize=1024)  # an address is asked about several times while its article is kept
def address_key(url: str) -> str:
    """One string for every spelling of an address that is sure to name the same article.

    Scheme, case of the host, default port, escapes that need not be (RFC 3986, 6.2.2), tracking parameters, order of
    parameters, fragment and a trailing slash do not count. Nor does the delivery: the hosts ``www.``, ``m.``,
    ``mobile.`` and ``amp.`` before a registered name, AMP's path endings (``/amp``, ``.amp``, ``.amp.html``) and
    parameters (``amp=1``, ``outputType=amp``). A segment "amp" anywhere else may well be a section, and counts.

    Raises:
        ValueError: it is no address: a port out of range, say, or half a character.
    """
    parts = urlsplit(url)
    host = _DELIVERY_HOST.sub("", _ascii_host(parts.hostname or ""), count=1)
    port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    path = _plain_path(parts.path).rstrip("/")
    kept = sorted(
        (name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if not _delivery(name, value)
    )
    query = f"?{urlencode(kept)}" if kept else ""
    key = f"{host}{port}{_AMP_ENDING.sub('', path).rstrip('/')}{query}"
    key.encode()
    return key


def _delivery(name: str, value: str) -> bool:
    """Whether a parameter says how the page came to the reader, not which page it is."""
    name = name.casefold()
    if name in TRACKING or name.startswith(TRACKING_PREFIXES):
        return True
    return value.casefold() in _AMP_PARAMETERS.get(name, ())


def _ascii_host(host: str) -> str:
    """The host as it is looked up: lower case, without a final dot, other scripts as IDNA writes them."""
    host = host.casefold().rstrip(".")
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


def _plain_path(path: str) -> str:
    """The path with letters as they are and everything else escaped in capitals, as RFC 3986 compares them."""

    def plain(found: re.Match[str]) -> str:
        byte = int(found[1], 16)
        return chr(byte) if byte in _UNRESERVED else f"%{found[1].upper()}"

    if path.isascii() and "%" not in path:
        return path
    return _ESCAPE.sub(plain, quote(path, safe=_SAFE))
