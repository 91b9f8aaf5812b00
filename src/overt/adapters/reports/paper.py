"""The report as a PDF that can be read aloud (PDF/UA-1), set by Typst."""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import datetime
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

import typst

from overt.adapters.publish.notice_fonts import FAMILIES, letters, typst_fonts
from overt.adapters.reports.content import (
    figures_of,
    number_in,
    numbers_of,
    numeric_columns,
    text_of,
)
from overt.adapters.reports.printed_words import (
    checking,
    kind_text,
    moment_text,
    planned,
    progress_text,
    proof,
)
from overt.errors import TypesettingFailedError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from overt.adapters.reports.content import Part, PrintedNumber

_BREAK = "\u200b"
_UNBROKEN = 22
_LONG = re.compile(rf"[^\s{_BREAK}]{{{_UNBROKEN + 1},}}")
_FIRST_OF_LONG = re.compile(rf"[^\s{_BREAK}]{{{_UNBROKEN}}}(?=[^\s{_BREAK}])")
_JOINT = re.compile(r"(?<=\w)[_(,/=](?=\w)")  # where a query or an address may be parted
_UNSEEN = {"Cf", "Zl", "Zp"}
_RIGHT_TO_LEFT = {"R", "AL"}
_WIDE, _NARROW = 4, 2
_WORDY = 14  # letters of a cell from which its column is wider


def report_pdf(document: Part, figures: Mapping[str, str]) -> bytes:
    """Return the document.

    Args:
        document: Of a report.
        figures: Each figure's SVG by its identifier.

    Raises:
        TypesettingFailedError: The typesetter refused it.
    """
    drawn = {figure["id"]: figures[figure["id"]] for figure in figures_of(document)}
    with as_file(files("overt.adapters.reports").joinpath("pages")) as root:
        compiler = typst.Compiler(
            str(root / "report.typ"),
            root=str(root),
            font_paths=typst_fonts(),
            ignore_system_fonts=True,
            sys_inputs={
                "report": json.dumps(_printable(_data(document)), ensure_ascii=False),
                "figures": json.dumps(list(drawn.values()), ensure_ascii=False),
            },
        )
        return _compiled(compiler, datetime.fromisoformat(document["made_at"]))


def _compiled(compiler: typst.Compiler, made_at: datetime) -> bytes:
    try:
        made, warnings = compiler.compile_with_warnings(
            format="pdf", pdf_standards=["ua-1"], timestamp=made_at
        )
    except typst.TypstError as error:
        msg = f"the report: the typesetter says: {error}"
        raise TypesettingFailedError(msg) from error
    if warnings or not isinstance(made, bytes):
        warned = warnings[0] if warnings else "more than one file"
        msg = f"the report: the typesetter warns: {warned}"
        raise TypesettingFailedError(msg)
    return made


def _data(document: Part) -> dict[str, object]:
    """Return the report as the pages read it: every word said."""
    numbers, plan, trial = numbers_of(document), document["plan"], document["trial"]
    sentences, commands = checking(document)
    registered = moment_text(trial["registered_at"])
    return {
        "title": trial["title"],
        "software_version": document["software_version"],
        "fonts": list(FAMILIES),
        "footer": f"{trial['title']}: trial report, {moment_text(document['made_at'])}",
        "kind": f"{kind_text(document)}: {progress_text(document)}",
        "summary": document["summary"],
        "findings": [_finding(each, numbers) for each in document["findings"]],
        "deviations": document["deviations"],
        "registered": f"Registered on {registered}; its digest (SHA-256) stands in the log:",
        "plan_sha256": trial["plan_sha256"],
        "aim": plan["aim"],
        "objectives": plan["objectives"],
        "stop_rules": plan["stop_rules"],
        "planned": _facts(planned(document)),
        "sections": _sections(document, numbers),
        "statements": [_statement(each) for each in document["statements"]],
        "lacks_letters": any(_lacks(each["text"]) for each in document["statements"]),
        "check": sentences,
        "commands": commands,
        "proof": _facts(proof(document)),
        "definitions": document["definitions"],
        "numbers": [
            {"index": str(each.index), "text": each.text, "query": each.query}
            for each in numbers.values()
        ],
        "queries": [
            {**each, "events": f"From {', '.join(each['events'])}."} for each in document["queries"]
        ],
    }


def _facts(facts: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"term": term, "text": text} for term, text in facts]


def _finding(finding: Part, numbers: Mapping[str, PrintedNumber]) -> dict[str, object]:
    marks = [str(numbers[number_id].index) for number_id in finding["numbers"]]
    return {
        "id": finding["hypothesis_id"],
        "text": finding["text"],
        "verdict": finding["verdict"],
        "because": {"text": finding["because"], "marks": marks},
    }


def _sections(document: Part, numbers: Mapping[str, PrintedNumber]) -> list[dict[str, object]]:
    order = [figure["id"] for figure in figures_of(document)]
    return [
        {
            "title": section["title"],
            "text": section["text"],
            "tables": [_table(each, document, numbers) for each in section["tables"]],
            "figures": [
                {"at": order.index(each["id"]), "title": each["title"], "alt": each["alt"]}
                for each in section["figures"]
            ],
        }
        for section in document["sections"]
    ]


def _table(table: Part, document: Part, numbers: Mapping[str, PrintedNumber]) -> dict[str, object]:
    rows = [[_cell(cell, document, numbers) for cell in row] for row in table["rows"]]
    lengths = [
        max((len(str(row[at]["text"])) for row in rows), default=0)
        for at in range(len(table["columns"]))
    ]
    return {
        "caption": table["caption"],
        "columns": table["columns"],
        "rows": rows,
        "numeric": numeric_columns(table, document),
        "widths": [_WIDE if length > _WORDY else _NARROW for length in lengths],
    }


def _cell(cell: object, document: Part, numbers: Mapping[str, PrintedNumber]) -> dict[str, object]:
    number_id = number_in(cell)
    marks = [str(numbers[number_id].index)] if number_id else []
    return {"text": text_of(cell, document), "marks": marks}


def _statement(statement: Part) -> dict[str, object]:
    about = f"about {statement['deployment_id']}; {statement['statement_id']}"
    return {
        "lines": [
            {"text": line, "rtl": _is_right_to_left(line)} for line in statement["text"].split("\n")
        ],
        "note": f"Filed on {moment_text(statement['filed_at'])} {about}",
    }


def _is_right_to_left(line: str) -> bool:
    """Return whether the first letter with a direction has that one (UAX 9, P2)."""
    kinds = (unicodedata.bidirectional(letter) for letter in line)
    return next((kind in _RIGHT_TO_LEFT for kind in kinds if kind in {"L", "R", "AL"}), False)


def _printable(value: object) -> object:
    """Return texts whose every letter has a glyph, and that break in narrow columns."""
    if isinstance(value, str):
        text = "".join(_drawn(letter) for letter in value)
        jointed = _JOINT.sub(rf"\g<0>{_BREAK}", text)
        return _LONG.sub(lambda run: _FIRST_OF_LONG.sub(rf"\g<0>{_BREAK}", run[0]), jointed)
    if isinstance(value, list | tuple):
        return [_printable(item) for item in value]
    if isinstance(value, dict):
        return {key: _printable(item) for key, item in value.items()}
    return value


def _drawn(letter: str) -> str:
    return f"[U+{ord(letter):04X}]" if _lacks(letter) else letter


def _lacks(text: str) -> bool:
    return any(
        ord(letter) not in letters()
        and not letter.isspace()
        and unicodedata.category(letter) not in _UNSEEN
        for letter in text
    )
