"""A request to the console that is not answered: exit status 1, an HTTP status in the web."""

from __future__ import annotations

from overt.errors.rule_errors import RuleError


class RequestError(RuleError):
    """The console does not answer this request."""

    code = "request.refused"


class SignInRequiredError(RequestError):
    """Nobody is signed in: there was no session, or it is over."""

    code = "request.sign_in_required"


class RequestForgedError(RequestError):
    """A change came without the token of its session, or from another site."""

    code = "request.forged"


class RequestInvalidError(RequestError):
    """A field of the request is missing or is not what was asked for."""

    code = "request.invalid"


class RequestTooLargeError(RequestError):
    """The request holds more bytes than any of this kind may."""

    code = "request.too_large"


class TooManyRequestsError(RequestError):
    """More requests than one person makes came in a short time."""

    code = "request.too_many"
