"""`chalkbell person`: the first administrator, and what an operator does for people who cannot help themselves."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from chalkbell.cli import _out, app
from chalkbell.cli._who import AsJson, Data
from chalkbell.contracts.directory import PersonKind

group = typer.Typer(no_args_is_help=True, help="Add people, let them in and out, give passwords and tokens.")
app.add_typer(group, name="person")

Id = Annotated[str, typer.Argument(help="The person's id, such as ada-stone.")]
FromStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input instead of making one.")]


@group.command()
def add(
    id: Id,
    name: Annotated[str, typer.Argument(help="How they are called, such as 'Ada Stone'.")],
    email: Annotated[str, typer.Argument(help="Their address, with which they sign in.")],
    kind: Annotated[PersonKind, typer.Option(help="What they are to the university.")] = PersonKind.STAFF,
    administrator: Annotated[bool, typer.Option("--administrator", help="Let them administer the campus.")] = False,
    no_password: Annotated[bool, typer.Option("--no-password", help="Give no password: they sign in another way.")] = False,
    password_stdin: FromStdin = False,
    json: AsJson = False,
    data: Data = None,
) -> None:
    """Add somebody and print the password made for them."""
    from chalkbell.contracts.directory import AddPerson, SetPassword

    password = "" if no_password else _password(password_stdin)

    async def work(bus: Any) -> Any:
        answer = await bus.ask(AddPerson(id=id, name=name, email=email, kind=kind, administrator=administrator))
        if password:
            await bus.ask(SetPassword(id=id, password=password))
        return answer.person

    person = _as_operator(data, work)
    _out.say(f"{person.name} is on the campus" + (", as an administrator." if administrator else "."))
    _tell_password(password, password_stdin, json, person=person)


@group.command()
def password(id: Id, password_stdin: FromStdin = False, json: AsJson = False, data: Data = None) -> None:
    """Give somebody a new password and print it. Their browsers have to sign in again."""
    from chalkbell.contracts.directory import SetPassword

    new = _password(password_stdin)

    _ask(data, SetPassword(id=id, password=new))
    _tell_password(new, password_stdin, json)


@group.command()
def disable(id: Id, data: Data = None) -> None:
    """Let somebody no longer in: their sessions end at once. Nothing of theirs is removed."""
    from chalkbell.contracts.directory import DisablePerson

    _ask(data, DisablePerson(id=id))
    _out.say(f"{id} can no longer sign in.")


@group.command()
def enable(id: Id, data: Data = None) -> None:
    """Let somebody in again, with the password and tokens they had."""
    from chalkbell.contracts.directory import EnablePerson

    _ask(data, EnablePerson(id=id))
    _out.say(f"{id} can sign in again.")


@group.command()
def token(
    id: Id,
    name: Annotated[str, typer.Option(help="What it is for.")] = "made by the operator",
    days: Annotated[int, typer.Option(min=1, max=366, help="Days until it expires.")] = 90,
    json: AsJson = False,
    data: Data = None,
) -> None:
    """Make a personal access token in somebody's name and print it. It may do all that they may."""
    from chalkbell.contracts.directory import MakeToken

    made = _ask(data, MakeToken(name=name, days=days, person=id))
    if json:
        _out.data(made)
    else:
        _out.say(f"Shown once; it expires {made.token.expires:%d %B %Y}.")
        sys.stdout.write(made.secret + "\n")


def _ask(data: str | None, request: Any) -> Any:
    async def work(bus: Any) -> Any:
        return await bus.ask(request)

    return _as_operator(data, work)


def _as_operator(data: str | None, work: Any) -> Any:
    from chalkbell.cli._who import Who, with_session

    return with_session(Who(), data, work)


def _password(from_stdin: bool) -> str:
    import secrets

    if not from_stdin:
        return secrets.token_urlsafe(12)
    given = sys.stdin.readline().rstrip("\r\n")
    if not given:
        _out.fail("There is no password on standard input.", code=_out.USAGE)
    return given


def _tell_password(password: str, given: bool, json: bool, person: Any = None) -> None:
    fields: dict[str, Any] = {} if person is None else {"person": person}
    if password and not given:
        fields["password"] = password
    if json:
        _out.data(fields)
    elif "password" in fields:
        _out.say("The password, shown once:")
        sys.stdout.write(password + "\n")
