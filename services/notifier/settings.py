"""The notifier's settings."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from chalkbell.settings import Section


class Settings(Section, frozen=True, kw_only=True):
    """Who may set tasks, when people are reminded, and how mail leaves the campus."""

    task_setters: Annotated[
        list[str], Meta(description="Ids of the groups whose members may set tasks, besides administrators.")
    ] = []
    reminder_hour: Annotated[int, Meta(ge=0, le=23, description="The hour of the campus's day at which reminders go out.")] = 8
    reminders_per_day: Annotated[int, Meta(ge=1, le=24, description="At most so many reminders for a person in a day.")] = 1

    mail: Annotated[
        Literal["file", "smtp", "print"],
        Meta(
            description="`smtp`: send it. `file`: lay it as .eml files into the outbox folder, for campuses without a mail"
            " server. `print`: send nothing, and say in the log what would have been sent."
        ),
    ] = "file"
    outbox: Annotated[str, Meta(description="The folder for `file`. Empty: `outbox` in the data folder.")] = ""
    sender: Annotated[str, Meta(description="Whom mail comes from: a name and an address.")] = "Chalkbell <chalkbell@localhost>"
    unsubscribe: Annotated[
        str,
        Meta(description="Where List-Unsubscribe points to: a mailto: or https: address. Empty: the page where one chooses."),
    ] = ""
    smtp_host: Annotated[str, Meta(description="The mail server's name.")] = "localhost"
    smtp_port: Annotated[int, Meta(ge=1, le=65535, description="The mail server's port: 25, 587 or, with TLS, 465.")] = 25
    smtp_security: Annotated[
        Literal["none", "starttls", "tls"], Meta(description="How the connection to the mail server is kept private.")
    ] = "none"
    smtp_user: Annotated[str, Meta(description="The name to sign in to the mail server with. Empty: without.")] = ""
    smtp_password: Annotated[str, Meta(description="Its password. Use CHALKBELL_NOTIFIER_SMTP_PASSWORD_FILE.")] = ""
    smtp_timeout: Annotated[int, Meta(ge=1, le=600, description="Seconds to wait for the mail server to answer.")] = 30
    mails_per_minute: Annotated[int, Meta(ge=0, description="At most so many messages to the mail server; 0: no limit.")] = 300
    attempts: Annotated[int, Meta(ge=1, le=50, description="Attempts before a message is given up.")] = 12
    lease_seconds: Annotated[
        int,
        Meta(ge=1, description="After so many seconds a message whose sender stopped half-way is taken up again."),
    ] = 300
    unknown: Annotated[
        Literal["again", "leave"],
        Meta(
            description="What to do with a message of which we cannot know whether the mail server took it: send it `again`"
            " under the same Message-ID, or `leave` it for an administrator to decide."
        ),
    ] = "again"

    # filled from the campus's settings of the same name
    timezone: Annotated[str, Meta(description="The time zone of reminders; the campus's.")] = "Europe/London"
    url: Annotated[str, Meta(description="How people reach the campus, for links in mail; the campus's.")] = "http://127.0.0.1:8080"
    data_directory: Annotated[str, Meta(description="The data folder; the campus's.")] = "data"
