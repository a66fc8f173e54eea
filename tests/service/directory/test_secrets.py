import pytest
import structlog
from sqlalchemy import MetaData, select

from chalkbell.contracts.directory import ChangePassword, MakeToken, RevokeToken, WrongPassword
from tests.service.campus import ServiceCampus
from tests.service.directory.signing import PASSWORD, give_password, join, sign_in, ticket
from tests.service.people import populate


def test_no_secret_is_kept_or_told_anywhere(campus: ServiceCampus, caplog: pytest.LogCaptureFixture) -> None:
    """After all that can be done with secrets, no row of any table, no event and no log line has one in it."""
    populate(campus, ["ada-stone"])
    typed = ["a-wrong-password", PASSWORD, "a riddle of the sands"]
    with structlog.testing.capture_logs() as logged:
        give_password(campus, "ada-stone")
        with pytest.raises(WrongPassword):
            sign_in(campus, "ada-stone", typed[0])
        with pytest.raises(WrongPassword):
            sign_in(campus, typed[0], PASSWORD)
        signed_in = sign_in(campus, "ada-stone")
        token = campus.call(MakeToken(name="mine"), by="ada-stone")
        tickets = [signed_in.ticket, ticket(campus, signed_in.session).ticket, ticket(campus, token.secret).ticket]
        join(campus, "ada-stone", tickets[0])
        campus.call(MakeToken(name="other"), by="ada-stone")
        campus.call(RevokeToken(id=token.token.id), by="ada-stone")
        campus.call(ChangePassword(current=PASSWORD, new=typed[2]), by="ada-stone")
    seen = repr(logged) + caplog.text + repr(campus.events("directory", "campus")) + _everything(campus)
    for secret in [*typed, signed_in.session, token.secret, *tickets]:
        assert secret not in seen
        assert secret.partition("_")[2][:20] not in seen or "_" not in secret
    assert "argon2id" in seen


def _everything(campus: ServiceCampus) -> str:
    database = campus.members["directory"].dispatcher.database
    tables = MetaData()
    with database.engine.connect() as connection:
        tables.reflect(connection, schema=None if database.on_sqlite else database.schema)
        assert len(tables.tables) > 10
        return repr([connection.execute(select(table)).all() for table in tables.tables.values()])
