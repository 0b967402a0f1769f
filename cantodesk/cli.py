"""The command line: `cantodesk --help`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from pydantic import ValidationError

from cantodesk.settings import Settings, get_settings

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="CantoDesk: a customer-service assistant for Hong Kong.",
)
PROJECT = Path()


def settings() -> Settings:
    """The settings, or one sentence about what is wrong with them."""
    try:
        return get_settings()
    except ValidationError as error:
        problem = error.errors(include_input=False, include_url=False)[0]
        where = "_".join(str(part) for part in problem["loc"]).upper()
        message = problem["msg"].removeprefix("Value error, ")
        fail(f"CANTODESK_{where}: {message}" if where else message)


def fail(sentence: str) -> NoReturn:
    """One sentence on the error output, and exit code 1."""
    typer.echo(sentence, err=True)
    raise typer.Exit(1)


@app.command()
def up() -> None:
    """Start everything: database, demo business, model, all processes."""
    from cantodesk.checking import yaml_problems
    from cantodesk.up import up as start

    problems = yaml_problems(PROJECT)
    if problems:
        fail(str(problems[0]))
    raise typer.Exit(start(settings(), PROJECT))


@app.command()
def run(process: Annotated[str, typer.Argument(help="assistant, actions or desk")]) -> None:
    """Become one process, as the Procfile wants it."""
    from cantodesk.model import model_path
    from cantodesk.processes import PROCESSES, command, replace_this_process

    known = settings()
    if process not in PROCESSES:
        fail(f"There is no process `{process}`. Choose one of {', '.join(PROCESSES)}.")
    model = model_path(known, PROJECT) if process == "assistant" else None
    if model is not None and not model.exists():
        fail("There is no model for the present data. Make one with `cantodesk train`.")
    replace_this_process(command(process, known, model), known)


@app.command()
def train() -> None:
    """Train a model for the present data, unless there is one."""
    from cantodesk.up import ready_model

    typer.echo(f"Model: {ready_model(settings(), PROJECT)}")


@app.command()
def check() -> None:
    """Check what designers edit, without training: files, languages, stories, slots, replies."""
    from cantodesk.checking import check_project

    problems = check_project(PROJECT)
    for problem in problems:
        typer.echo(str(problem))
    if problems:
        fail(f"{len(problems)} to mend.")
    typer.echo("All good.")


@app.command()
def migrate() -> None:
    """Bring the database to the newest tables."""
    from cantodesk.up import prepared

    prepared(settings())
    typer.echo("The database is up to date.")


@app.command(name="import")
def import_(
    kind: Annotated[
        str, typer.Argument(help="orders, order_items, products, customers, refunds, knowledge")
    ],
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)],
) -> None:
    """Import a CSV file (knowledge also JSON), whole or not at all."""
    from cantodesk.services.importing import ImportKind, import_file
    from cantodesk.up import prepared

    if kind not in list(ImportKind):
        fail(f"There is no kind `{kind}`. Choose one of {', '.join(ImportKind)}.")
    business, vault = prepared(settings())
    report = import_file(kind, file, vault.engine, vault, business)
    for error in report.errors:
        typer.echo(f"{file}: {error}")
    if not report.ok:
        fail(f"Nothing was imported: {len(report.errors)} to mend.")
    typer.echo(
        f"{report.rows} rows: {report.inserted} new, {report.updated} changed, "
        f"{report.unchanged} as they were."
    )


@app.command()
def handovers(
    show: Annotated[int | None, typer.Option(help="Show one with all that is known.")] = None,
    resolve: Annotated[
        int | None, typer.Option(help="Mark one as done; the bot answers again.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Resolved ones too.")] = False,
) -> None:
    """List the conversations that wait for a person."""
    from sqlalchemy.exc import SQLAlchemyError

    from cantodesk.conversations.failures import StorageFailed
    from cantodesk.handover_console import listing, resolved, shown

    known = settings()
    try:
        if show is not None:
            lines = shown(known, show)
        elif resolve is not None:
            lines = resolved(known, resolve)
        else:
            lines = listing(known, everything)
    except (StorageFailed, SQLAlchemyError) as error:
        fail(f"The database failed meanwhile ({type(error).__name__}). Give the command again.")
    for line in lines:
        typer.echo(line)


@app.command()
def chat(
    sender: Annotated[
        str, typer.Option(help="Who you are; a new name is a new customer.")
    ] = "terminal",
) -> None:
    """Talk to the running assistant in the terminal."""
    from cantodesk.terminal_chat import talk

    raise typer.Exit(talk(settings(), sender))


def main() -> None:
    """Entry point of the command `cantodesk`."""
    # The action server and Rasa import `actions` and our classes from the project's folder.
    sys.path.insert(0, "")
    app()


if __name__ == "__main__":
    main()
