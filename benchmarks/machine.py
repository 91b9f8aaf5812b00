"""The machine that a benchmark ran on: a figure without it says nothing."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

LIBRARIES = (
    "overt",
    "numpy",
    "scipy",
    "onnxruntime",
    "dlib-bin",
    "av",
    "pillow",
    "faiss-cpu",
    "face-recognition",
)


def machine(day: str | None = None) -> dict[str, object]:
    """Return processor, cores, memory, Python, versions of libraries, and the day.

    Args:
        day: ISO date to state; today where left out.
    """
    return {
        "cpu": _cpu(),
        "cores": len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count(),
        "memory_gib": _memory_gib(),
        "load_before": round(os.getloadavg()[0], 2),
        "system": platform.system(),
        "python": platform.python_version(),
        "libraries": {name: found for name in LIBRARIES if (found := _version(name))},
        "date": day or datetime.now(UTC).date().isoformat(),
    }


def as_words(described: dict[str, object]) -> str:
    """Return a machine as one line.

    Args:
        described: What ``machine`` returned.
    """
    libraries = ", ".join(f"{name} {found}" for name, found in described["libraries"].items())
    return (
        f"{described['cpu']}, {described['cores']} cores, {described['memory_gib']} GiB, "
        f"{described['system']}, Python {described['python']}, {libraries}; "
        f"{described['date']}, load before the run {described['load_before']}"
    )


def _cpu() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        for line in cpuinfo.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _memory_gib() -> float:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1)


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
