"""What people are in a package."""

from __future__ import annotations

from chalkbell.contracts import Done
from chalkbell.contracts.workload import Post, PutPost, RemovePost
from chalkbell.contracts.workload.making import made
from chalkbell.handlers import Call, procedure
from services.workload.api.kinds import POST, found, put, refuse, remove
from services.workload.api.known import known_people
from services.workload.api.rights import to_change
from services.workload.rules.checks import person_problems
from services.workload.store import Store


@procedure(PutPost)
def put_post(ask: PutPost, call: Call, store: Store) -> Post:
    """Say somebody's FTE, job title and school."""
    package = to_change(ask.package, call, store)
    before = found(POST, package.id, ask.person, ask.seen, store)
    refuse(person_problems(ask.person, known_people(package, [ask.person], store)), "")
    return put(POST, package.id, before, made(Post, ask.values, person=ask.person, version=ask.seen + 1), store)


@procedure(RemovePost)
def remove_post(ask: RemovePost, call: Call, store: Store) -> Done:
    """Take somebody's post away."""
    package = to_change(ask.package, call, store)
    remove(POST, package.id, ask.person, ask.seen, list[str], store)
    return Done()
