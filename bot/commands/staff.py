"""`careline staff`: who may sign in at the staff door."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.database import BY, now, open_database
from bot.errors import SetupError
from bot.staff.model import Role

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

    from bot.staff.model import Person
    from bot.staff.people import People

app = typer.Typer(help="Add, list and reset the staff's accounts.", no_args_is_help=True)

ALL = "all"

Name = Annotated[str, typer.Argument(metavar="NAME", help="What the person signs in with.")]
Roles = Annotated[
    list[Role],
    typer.Option("--role", help="What the person is there; give it again for several."),
]


@app.command()
def add(
    name: Name,
    *,
    display_name: Annotated[
        str, typer.Option("--display-name", help="The person's full name, as colleagues see it.")
    ],
    clinic: Annotated[
        list[str],
        typer.Option("--clinic", help=f"Where; give it again for several, or '{ALL}'."),
    ],
    role: Roles,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input.")
    ] = False,
    invite: Annotated[
        bool,
        typer.Option("--invite", help="Print a code with which the person chooses a password."),
    ] = False,
) -> None:
    """Add a person. Asks for a password twice, unless it is read or left to the person."""
    if password_stdin and invite:
        raise SetupError("Give --password-stdin or --invite, not both.")
    engine = open_database()
    clinics = _every_clinic(engine) if ALL in clinic else clinic
    password = None if invite else _password(password_stdin)
    added = _people(engine).add(
        name, display_name, dict.fromkeys(clinics, role), by=BY, password=password
    )
    typer.echo(f"Added {_described(added.person)}")
    if added.setup_code is not None:
        _tell_code(added.setup_code)


@app.command("list")
def list_() -> None:
    """List everybody: name, full name, roles, and what stands in the way of signing in."""
    people = _people(open_database()).all()
    for person in people:
        typer.echo(_described(person))
    if not people:
        typer.echo("Nobody can sign in yet; `careline staff add` adds the first person.")


@app.command()
def roles(
    name: Name,
    clinic: Annotated[str, typer.Option("--clinic", help=f"Where: a clinic, or '{ALL}'.")],
    role: Annotated[
        list[Role] | None,
        typer.Option("--role", help="What the person is there from now on; none takes it away."),
    ] = None,
) -> None:
    """Say what a person is in a clinic from now on. Signs them out."""
    engine = open_database()
    people = _people(engine)
    person = people.by_name(name)
    for each in _every_clinic(engine) if clinic == ALL else [clinic]:
        people.set_roles(person.id, each, role or [], by=BY)
    typer.echo(_described(people.get(person.id)))


@app.command()
def disable(name: Name) -> None:
    """Let nobody sign in with this account; what the person did stays in the record."""
    people = _people(open_database())
    people.disable(people.by_name(name).id, by=BY)
    typer.echo(_described(people.by_name(name)))


@app.command()
def enable(name: Name) -> None:
    """Let a disabled person sign in again."""
    people = _people(open_database())
    people.enable(people.by_name(name).id, by=BY)
    typer.echo(_described(people.by_name(name)))


@app.command()
def reset(name: Name) -> None:
    """Take away password and second factor, and print a code to choose a new password with."""
    people = _people(open_database())
    _tell_code(people.reset(people.by_name(name).id, by=BY))


def _people(engine: Engine) -> People:
    from bot.staff.passwords import Passwords
    from bot.staff.people import People

    return People(engine, now, Passwords(), operator=True)


def _every_clinic(engine: Engine) -> list[str]:
    from bot.content.store import ContentStore

    clinics = sorted(ContentStore(engine, now).snapshot().clinics)
    if not clinics:
        raise SetupError("There is no clinic yet; run `careline content import` first.")
    return clinics


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise SetupError("There is no terminal to ask for a password; use --password-stdin.")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))


def _tell_code(code: str) -> None:
    typer.echo(f"Set-up code, shown only now: {code}")
    typer.echo("It works once, within 72 hours, on the page /staff/welcome.")


def _described(person: Person) -> str:
    roles = "; ".join(
        f"{clinic}: {', '.join(sorted(role.value for role in held))}"
        for clinic, held in person.roles.items()
    )
    notes = [
        *(["disabled"] if person.disabled else []),
        *([] if person.has_password else ["no password"]),
        *(["second factor"] if person.has_second_factor else []),
    ]
    return f"{person.name} ({person.display_name}): {'; '.join([roles or 'no role', *notes])}"
