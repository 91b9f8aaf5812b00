"""Builder: the template of a plan, filled in."""

from __future__ import annotations

from overt.adapters.files.trial_plan_file import TEMPLATE


def filled_in(**changes: str) -> str:
    """Return a plan in TOML with every field filled in.

    Args:
        **changes: Field -> what stands in its place, as TOML; of those with a number.
    """
    text = TEMPLATE.replace('""', '"A text"').replace("faces_planned = 0", "faces_planned = 3000")
    for name, value in changes.items():
        lines = (f"{name} = {value}" if f"{name} =" in line else line for line in text.split("\n"))
        text = "\n".join(lines)
    return text
