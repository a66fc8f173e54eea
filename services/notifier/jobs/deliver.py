"""Sending what was decided: taken under a lease, marked before it goes and after, so that a crash loses nothing and hides nothing."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

import structlog

from chalkbell.contracts.notifier import Channel, DeliveryKind, DeliveryState
from chalkbell.errands import Errand
from chalkbell.handlers import errand
from services.notifier.jobs import envelopes, posts
from services.notifier.jobs.letters import Letter, NoLetter, compose
from services.notifier.jobs.smtp import ServerDown
from services.notifier.listen import notice_sent
from services.notifier.rules.deliveries import Outcome, Verdict, state_after, wait
from services.notifier.store import Due, ServerState, Store

log = structlog.get_logger()
BATCH = 50
# A folder takes as much as it is given, and each message is flushed to the disk that people's calls wait for: a few at a time.
FOLDER_BATCH, FOLDER_PAUSE = 10, timedelta(milliseconds=250)
LONGEST_SERVER_WAIT = timedelta(minutes=10)


@errand("deliver", timedelta(seconds=5))
def deliver(errand: Errand) -> datetime | None:
    """Send what is due. Answers when something is due next."""
    settings: Any = errand.dispatcher.settings
    server, next_due, room = errand.transaction(lambda store: _look(store, settings), write=False)
    if next_due is None or next_due > errand.now:
        return next_due
    if server.retry_at is not None and server.retry_at > errand.now:
        return server.retry_at
    if isinstance(room, datetime):
        return room
    dues = errand.transaction(lambda store: _claim(store, settings, min(room, BATCH)))
    if not dues:
        return None
    with posts.opened(settings) as post:
        for place, due in enumerate(dues):
            try:
                if not errand.still_mine():
                    raise ServerDown
                post.ready()
            except (ServerDown, OSError) as down:
                rest = dues[place:]
                errand.transaction(lambda store, rest=rest: store.release(rest))
                return _server_down(errand, server, str(down)) if errand.still_mine() else None
            _send(errand, post, due, settings)
    if server.failures:
        errand.transaction(lambda store: store.keep_server_state(ServerState()))
    return errand.now if settings.mail == "smtp" else errand.now + FOLDER_PAUSE


def _look(store: Store, settings: Any) -> tuple[ServerState, datetime | None, int | datetime]:
    """How the server is, when something is due, and how many messages may go now or when the next may."""
    room: int | datetime = BATCH if settings.mail == "smtp" else FOLDER_BATCH
    if settings.mail == "smtp" and settings.mails_per_minute:
        sent, first = store.sent_since(store.now - timedelta(minutes=1))
        left = settings.mails_per_minute - sent
        room = left if left > 0 else (first or store.now) + timedelta(minutes=1)
    return store.server_state(), store.next_due(also_unknown=settings.unknown == "again"), room


def _claim(store: Store, settings: Any, limit: int) -> list[Due]:
    store.expire_sending()
    return store.claim_due(limit=limit, lease=_lease(settings), also_unknown=settings.unknown == "again")


def _lease(settings: Any) -> timedelta:
    # longer than one message can take: the server may be slow to answer each of five commands
    return timedelta(seconds=max(settings.lease_seconds, 6 * settings.smtp_timeout))


def _server_down(errand: Errand, before: ServerState, error: str) -> datetime:
    failures = before.failures + 1
    retry_at = errand.now + min(wait(failures, _chance("server", failures)), LONGEST_SERVER_WAIT)
    log.warning("the mail server cannot be reached", error=error, failures=failures, retry_at=retry_at.isoformat())
    errand.transaction(lambda store: store.keep_server_state(ServerState(failures, error, retry_at)))
    return retry_at


def _chance(id: str, attempts: int) -> float:
    """Between 0 and 1, another for each message and attempt, and the same whenever it is asked: tests can foresee it."""
    return random.Random(f"{id} {attempts}").random()


def _send(errand: Errand, post: posts.Post, due: Due, settings: Any) -> None:
    begun = errand.transaction(lambda store: _begin(store, due, settings))
    if begun is None:
        return
    letter, attempts = begun
    try:
        outcome = post.send(letter, envelopes.message(letter, settings.sender))
    except envelopes.CannotBeSent as reason:
        outcome = Outcome(Verdict.NEVER, str(reason))
    errand.transaction(lambda store: _finish(store, due, outcome, attempts, settings))


def _begin(store: Store, due: Due, settings: Any) -> tuple[Letter, int] | None:
    """Mark that the message is about to go, and write it; None when there is nothing to send after all."""
    row = store.delivery_row(due.id)
    assert row is not None, "deliveries are never removed"
    # whoever completes a task waits until we have looked at it
    store.lock_recipients([row["person"]])
    row = store.lock_delivery(due)
    if row is None:
        return None
    letter = compose(store, row, now=store.now)
    if isinstance(letter, NoLetter):
        if letter.yet:
            store.count_attempt(due)
            _finish(store, due, Outcome(Verdict.NOT_NOW, letter.why), row["attempts"] + 1, settings)
            return None
        store.finish(due, DeliveryState.DROPPED, letter.why, store.now)
        if letter.unwanted:
            _told(store, row, Channel.PAGE)
        return None
    store.mark_sending(due, letter.subject, _lease(settings))
    return letter, row["attempts"] + 1


def _finish(store: Store, due: Due, outcome: Outcome, attempts: int, settings: Any) -> None:
    state = state_after(outcome.verdict, attempts, settings.attempts)
    retry_at = store.now + wait(attempts, _chance(due.id, attempts))
    row = store.lock_delivery(due)
    if row is None:
        log.warning("a message took longer than its lease", delivery=due.id)
        return
    store.finish(due, state, outcome.error, retry_at)
    if state is DeliveryState.SENT:
        _told(store, row, Channel.MAIL)
    elif state is DeliveryState.DEAD:
        log.warning("a message was given up", delivery=due.id, person=row["person"], error=outcome.error)


def _told(store: Store, row: Any, channel: Channel) -> None:
    """Where the message was about a sign-off, tell that its recipient knows."""
    if row["kind"] == DeliveryKind.NOTICE.value and store.mark_notice_sent(row["about"], row["person"], channel):
        copy = store.sign_off(row["about"])
        assert copy is not None
        store.go_on_from(copy)
        store.record(notice_sent(copy, row["person"], store, channel))
