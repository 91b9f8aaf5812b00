"""``python -m overt`` is the ``overt`` command."""

from overt.cli.main import run

if __name__ == "__main__":
    run()
