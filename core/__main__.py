"""The command line: python -m core COMMAND; every one explains itself with --help."""

import argparse
import sys
from collections.abc import Sequence

from core.commands import defending, exporting, measuring, training
from core.commands.bars import silence
from core.model import threads


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="python -m core", description=__doc__)
    commands = top.add_subparsers(
        required=True,
        metavar="train | ladder | sweep | measure | defend | export | reproduce | talk",
    )
    for each in (training, measuring, defending, exporting):
        each.add(commands)
    return top


def main(words: Sequence[str] | None = None) -> None:
    """Does what the words say, those of the command line by default; exits where it cannot."""
    options = parser().parse_args(words)
    threads.limit()
    try:
        options.action(options)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read this has gone; what was made is saved
        silence(sys.stdout)
    except (ValueError, OSError, RuntimeError, ImportError) as error:
        sys.exit(f"{error}")
    except KeyboardInterrupt:
        sys.exit("cancelled")


if __name__ == "__main__":
    main()
