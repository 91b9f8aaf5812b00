"""The session's cookie: unreadable to scripts, sent to this site only, over TLS if there is any."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import Request, Response

    from overt.services.sign_in import NewSession

_SECURE_NAME, _PLAIN_NAME = "__Host-overt", "overt"
_BEARER = "bearer "


def set_session(request: Request, response: Response, session: NewSession) -> None:
    """Put a session into the answer.

    Args:
        request: Whose scheme says whether there is TLS.
        response: Gets the cookie; it ends with the browser.
        session: Just begun.
    """
    is_secure = request.url.scheme == "https"
    response.set_cookie(
        _SECURE_NAME if is_secure else _PLAIN_NAME,
        session.token,
        httponly=True,
        secure=is_secure,
        samesite="strict",
        path="/",
    )


def forget_session(response: Response) -> None:
    """Take the session out of the browser.

    Args:
        response: Gets the order.
    """
    for name in (_SECURE_NAME, _PLAIN_NAME):
        response.delete_cookie(name, path="/", secure=name == _SECURE_NAME, httponly=True)


def session_token(request: Request) -> str | None:
    """Return the session's token from the cookie, or None.

    Args:
        request: Any.
    """
    name = _SECURE_NAME if request.url.scheme == "https" else _PLAIN_NAME
    return request.cookies.get(name)


def bearer_token(request: Request) -> str | None:
    """Return the token of a program's request, or None; a blank one is none.

    Args:
        request: Any.
    """
    given = request.headers.get("authorization", "")
    is_bearer = given.lower().startswith(_BEARER)
    return (given[len(_BEARER) :].strip() or None) if is_bearer else None


def shown_token(request: Request) -> str | None:
    """Return the token that a request shows: a program's, else that of the browser's cookie.

    Args:
        request: Any.
    """
    return bearer_token(request) or session_token(request)
