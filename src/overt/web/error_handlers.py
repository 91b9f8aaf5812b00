"""Every error as one shape: JSON for programs, the same words on a page for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from overt import errors
from overt.web.pages import pages_of

if TYPE_CHECKING:
    from fastapi import FastAPI, Request

_STATUS: tuple[tuple[type[errors.TrialError], int], ...] = (
    (errors.SignInRequiredError, 401),
    (errors.SignInRefusedError, 401),
    (errors.AccountLockedError, 429),
    (errors.RequestForgedError, 403),
    (errors.RequestInvalidError, 422),
    (errors.RequestTooLargeError, 413),
    (errors.TooManyRequestsError, 429),
    (errors.RoleForbiddenError, 403),
    (errors.RankTooLowError, 403),
    (errors.SeparationOfDutiesError, 403),
    (errors.SamePersonError, 403),
    (errors.StatementNotYoursError, 403),
    (errors.MessageNotYoursError, 403),
    (errors.NotInvitedError, 403),
    (errors.InvitationUsedError, 410),
    (errors.InvitationExpiredError, 410),
    (errors.InvitationRevokedError, 410),
    (errors.TrainingLapsedError, 403),
    (errors.PublicRequestsFullError, 503),
    (errors.RecordNotFoundError, 404),
    (errors.ReasonMissingError, 422),
    (errors.ReasonUnknownError, 422),
    (errors.KeyDestroyedError, 410),
    (errors.RuleError, 409),
    (errors.InputError, 422),
    (errors.EdgeError, 503),
    (errors.IntegrityError, 500),
)
_WORDS = {404: "not_found", 405: "method_not_allowed", 413: "too_large"}


def status_of(error: errors.TrialError) -> int:
    """Return the HTTP status for an error.

    Args:
        error: Any of the tree.
    """
    return next(status for kind, status in _STATUS if isinstance(error, kind))


def shape_of(code: str, message: str, status: int, details: object = None) -> dict[str, object]:
    """Return the one shape in which the console tells of an error.

    Args:
        code: Stable identifier.
        message: One or more sentences, without personal data.
        status: HTTP status.
        details: More values, or None.
    """
    return {"code": code, "message": message, "status": status, "details": details or {}}


def details_of(error: errors.TrialError) -> dict[str, object]:
    """Return the values behind an error, with every unmet condition where there are any.

    Args:
        error: Any of the tree.
    """
    details: dict[str, object] = dict(error.fields)
    if isinstance(error, errors.UnmetConditionsError):
        details["unmet"] = [
            {"requirement": requirement, "condition": condition, "found": found}
            for requirement, condition, found in error.unmet
        ]
    return details


def wants_page(request: Request) -> bool:
    """Return whether a person's browser asks for a page, and no script or program.

    Args:
        request: Any.
    """
    accepts = request.headers.get("accept", "")
    is_script = "x-requested-with" in request.headers
    return "text/html" in accepts and not is_script and not request.url.path.startswith("/api/")


def add_error_handlers(app: FastAPI) -> None:
    """Let an application answer errors in this shape.

    Args:
        app: Which.
    """
    app.exception_handler(errors.TrialError)(_on_trial_error)
    app.exception_handler(RequestValidationError)(_on_validation_error)
    app.exception_handler(HTTPException)(_on_http_error)


async def _on_trial_error(request: Request, error: errors.TrialError) -> Response:
    if isinstance(error, errors.SignInRequiredError) and wants_page(request):
        return RedirectResponse(f"/sign-in?then={request.url.path}", status_code=303)
    shape = shape_of(error.code, error.message, status_of(error), details_of(error))
    return _answer(request, shape)


async def _on_validation_error(request: Request, error: RequestValidationError) -> Response:
    places = [".".join(str(step) for step in each["loc"]) for each in error.errors()]
    problems = [f"{at}: {each['msg']}" for at, each in zip(places, error.errors(), strict=True)]
    message = f"expected other fields: {'; '.join(problems)}"
    code = errors.RequestInvalidError.code
    return _answer(request, shape_of(code, message, 422, {"fields": places}))


async def _on_http_error(request: Request, error: HTTPException) -> Response:
    code = f"request.{_WORDS.get(error.status_code, 'refused')}"
    return _answer(request, shape_of(code, str(error.detail), error.status_code))


def _answer(request: Request, shape: dict[str, object]) -> Response:
    status = int(str(shape["status"]))
    if wants_page(request):
        return pages_of(request).show(request, "error.html", status=status, error=shape)
    return JSONResponse(shape, status_code=status)
