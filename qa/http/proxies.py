"""Who asks, where proxies stand in front: their headers are believed only where the settings name them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from qa.settings import Network

_SITE_PREFIX = 64
"""An IPv6 client has a network of this length for itself, and could take another address for each request."""


class TrustedProxies:
    """An application that is told the address and scheme of the visitor instead of those of the proxy in front.

    By hand, because Werkzeug's ProxyFix counts proxies without asking who connects, and waitress knows one address only.
    """

    def __init__(self, app: WSGIApplication, proxies: Sequence[Network]) -> None:
        self._app, self._proxies = app, proxies

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Serve a request."""
        peer = _address(environ.get("REMOTE_ADDR", ""))
        if peer is not None and self._trusts(peer):
            environ["REMOTE_ADDR"] = str(self._visitor(peer, environ.get("HTTP_X_FORWARDED_FOR", "")))
            if environ.get("HTTP_X_FORWARDED_PROTO") in ("http", "https"):
                environ["wsgi.url_scheme"] = environ["HTTP_X_FORWARDED_PROTO"]
        else:
            # An id of a stranger's choosing would let him write into the log.
            environ.pop("HTTP_X_REQUEST_ID", None)
        return self._app(environ, start_response)

    def _visitor(self, peer: IPv4Address | IPv6Address, forwarded: str) -> IPv4Address | IPv6Address:
        """Return the last address that no proxy of ours has: those before it are what the visitor may have sent himself."""
        nearest = peer
        for text in reversed(forwarded.split(",")):
            address = _address(text)
            if address is None:
                break
            nearest = address
            if not self._trusts(address):
                break
        return nearest

    def _trusts(self, address: IPv4Address | IPv6Address) -> bool:
        return any(address in network for network in self._proxies)


def is_within(text: str, networks: Iterable[Network]) -> bool:
    """Say whether an address, with or without a port, lies in one of the networks."""
    address = _address(text)
    return address is not None and any(address in network for network in networks)


def client_of(address: str) -> str:
    """Return what stands for one client in a count: an IPv4 address, or the network of an IPv6 one."""
    parsed = _address(address)
    if isinstance(parsed, IPv6Address):
        return str(IPv6Network((parsed, _SITE_PREFIX), strict=False))
    return str(parsed)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """Read an address, with or without a port; an IPv4 address within IPv6 is read as itself."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address
