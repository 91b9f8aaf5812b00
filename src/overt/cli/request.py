"""``overt request``: what people ask and complain about, taken down and answered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from overt.cli.actor_options import ActorId, AsJson
from overt.cli.request_view import document_of, print_request, print_view, table_of
from overt.cli.time_option import parse_day
from overt.core.public_request import AnswerCode, Channel, CloseCode, RequestKind

if TYPE_CHECKING:
    from overt.core.public_request import PublicRequest

app = typer.Typer(
    help="What people ask and complain about: taken down, answered by the deadline, erased.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

RequestId = Annotated[str, typer.Argument(help="Which request, by identifier.", metavar="REQUEST")]
_TEXT = "UTF-8; - reads it from the pipe. Never on the command line: it names a person."


@app.command(short_help="Take a request down for somebody.")
def add(
    kind: Annotated[RequestKind, typer.Argument(help="What they want.", metavar="KIND")],
    *,
    channel: Annotated[Channel, typer.Option(help="How it came.", metavar="CHANNEL")],
    words: Annotated[Path, typer.Option(help=f"File of what they say. {_TEXT}")],
    contact: Annotated[Path, typer.Option(help="File of how they are reached.")],
    on: Annotated[str | None, typer.Option(help="The day it is about: 2026-03-31.")] = None,
    place: Annotated[str, typer.Option(help="Where it was.")] = "",
    deployment: Annotated[
        str | None, typer.Option(help="Which deployment it is about.", metavar="DEPLOYMENT")
    ] = None,
    by: ActorId,
    as_json: AsJson = False,
) -> None:
    """Take down what somebody asks or complains about; anybody but an observer.

    Prints the receipt, once: tell it to the person, who looks up with it how far the request is.

    Kinds: was_listed, complaint, other_right. Channels: letter, telephone, in_person.
    """
    from overt.bootstrap.requests import text_of, zone_of
    from overt.bootstrap.store import open_workplace
    from overt.services.receive_request import Asked, receive_for_somebody
    from overt.settings import read_settings

    settings = read_settings()
    day = None if on is None else parse_day(on, "--on")
    asked = Asked(kind, text_of(words), text_of(contact), place, day, deployment)
    with open_workplace(settings) as workplace:
        received = receive_for_somebody(workplace, by, asked, channel, zone_of(settings))
    if as_json:
        told = {**document_of(received.request), "receipt": received.receipt}
        typer.echo(json.dumps(told, indent=2))
    else:
        print_request(received.request, as_json=False)
        typer.echo(f"receipt {received.receipt}")


@app.command("list", short_help="List what people ask, by deadline.")
def list_requests(*, by: ActorId, as_json: AsJson = False) -> None:
    """List what people ask, by deadline, without a word of it; what is late comes first."""
    from rich.console import Console

    from overt.bootstrap.store import open_workplace
    from overt.services.view_requests import view_requests
    from overt.settings import read_settings

    with open_workplace(read_settings()) as workplace:
        queue = view_requests(workplace, workplace.open, by)
    requests = (*queue.open, *queue.answered, *queue.closed)
    if as_json:
        typer.echo(json.dumps([document_of(each) for each in requests], indent=2))
    else:
        Console(markup=False, emoji=False, highlight=False).print(table_of(requests, queue.now))


@app.command(short_help="Show a request with what was written.")
def show(request_id: RequestId, *, by: ActorId, as_json: AsJson = False) -> None:
    """Show a request with what was written and answered; the look is logged."""
    from overt.bootstrap.store import open_workplace
    from overt.services.view_requests import view_request
    from overt.settings import read_settings

    with open_workplace(read_settings()) as workplace:
        view = view_request(workplace, by, request_id)
    print_view(view, as_json=as_json)


@app.command(short_help="Record that somebody was told.")
def acknowledge(request_id: RequestId, *, by: ActorId, as_json: AsJson = False) -> None:
    """Record that somebody was told that their complaint was read."""
    from overt.bootstrap.store import open_workplace
    from overt.services.decide_request import acknowledge_request
    from overt.settings import read_settings

    with open_workplace(read_settings()) as workplace:
        request = acknowledge_request(workplace, by, request_id)
    print_request(request, as_json=as_json)


@app.command(short_help="Record that who asks was checked.")
def identity(request_id: RequestId, *, by: ActorId, as_json: AsJson = False) -> None:
    """Record that the identity of who asks was checked, by ordinary means and outside.

    Only that it was done is kept. Without it, no question about a person is answered.
    """
    from overt.bootstrap.store import open_workplace
    from overt.services.decide_request import record_identity
    from overt.settings import read_settings

    with open_workplace(read_settings()) as workplace:
        request = record_identity(workplace, by, request_id)
    print_request(request, as_json=as_json)


@app.command(short_help="Answer a request.")
def answer(
    request_id: RequestId,
    *,
    reference: Annotated[
        str | None, typer.Option(help="The force's reference of the person, to be looked up.")
    ] = None,
    code: Annotated[
        AnswerCode | None,
        typer.Option(
            help="Which answer; not_listed without a reference: the force has none.",
            metavar="CODE",
        ),
    ] = None,
    on: Annotated[
        str | None, typer.Option(help="Another day than the one asked about; needs --day-reason.")
    ] = None,
    day_reason: Annotated[
        Path | None, typer.Option(help=f"File of why another day, as it goes out. {_TEXT}")
    ] = None,
    note: Annotated[Path | None, typer.Option(help=f"File of what is added. {_TEXT}")] = None,
    by: ActorId,
    as_json: AsJson = False,
) -> None:
    """Answer a request and print the answer, to be sent; a trained auditor.

    Whether somebody was listed is read from the record that outlives a watchlist, by --reference.

    Codes: withheld, not_listed; upheld, partly_upheld, not_upheld for complaints; done,
    partly_done, refused for other rights. All but not_listed need a note.
    """
    from overt.bootstrap.requests import text_of, zone_of
    from overt.bootstrap.store import open_workplace
    from overt.services.answer_request import Answering, answer_request
    from overt.settings import read_settings

    settings = read_settings()
    answering = Answering(
        code=code,
        reference=reference,
        on=None if on is None else parse_day(on, "--on"),
        day_reason="" if day_reason is None else text_of(day_reason),
        note="" if note is None else text_of(note),
    )
    with open_workplace(settings) as workplace:
        given = answer_request(workplace, by, request_id, answering, zone_of(settings))
    if as_json:
        typer.echo(json.dumps({**document_of(given.request), "answer": given.text}, indent=2))
    else:
        typer.echo(given.text, nl=False)


@app.command(short_help="Close a request.")
def close(
    request_id: RequestId,
    *,
    code: Annotated[CloseCode, typer.Option(help="Why.", metavar="CODE")],
    by: ActorId,
    as_json: AsJson = False,
) -> None:
    """Close a request; what was written has a last day from then on.

    Codes: answered for one that is; withdrawn, no_identity, duplicate, no_request for others.
    """
    from overt.bootstrap.store import open_workplace
    from overt.services.close_request import close_request
    from overt.settings import read_settings

    with open_workplace(read_settings()) as workplace:
        request: PublicRequest = close_request(workplace, by, request_id, code)
    print_request(request, as_json=as_json)
