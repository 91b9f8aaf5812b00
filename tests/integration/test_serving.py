from __future__ import annotations

import socket

from overt.web.serving import Place, listening


def test_answers_are_sent_at_once():
    """The event loop turns Nagle's wait off only where a socket names its protocol."""
    with listening(Place("127.0.0.1", 0)) as listener:
        assert listener.proto == socket.IPPROTO_TCP
