"""Work that must follow: each effect once, whatever dies or fails in between (I2, faults 3, 14, 25, 26)."""

import gc
import resource
import smtplib
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail as sent
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.db import OperationalError

from topjob import clock, mail, outbox, storage, tasks
from topjob.models import OutboxMessage

Outcome = OutboxMessage.Outcome
WORK, LETTER = "test.work", "test.letter"


@pytest.fixture
def handlers(monkeypatch):
    """Registers two pieces of work: one that may be done again, and one that can't be taken back."""
    monkeypatch.setattr(outbox, "HANDLERS", dict(outbox.HANDLERS))
    monkeypatch.setattr(outbox, "LEAVING", {*outbox.LEAVING, LETTER})
    monkeypatch.setattr(outbox, "GIVEN_UP", {})
    return outbox.HANDLERS


def ask(name, **payload) -> OutboxMessage:
    return outbox.enqueue(name, key=f"{name}-{OutboxMessage.objects.count()}", **payload)


def fresh(message) -> OutboxMessage:
    return OutboxMessage.objects.get(pk=message.pk)


def raising(error):
    def fails(**payload):
        raise error

    return fails


def died_while_working(message):
    """As a killed process leaves it: begun, counted, never ended."""
    outbox._claim(message.pk)


def test_an_attempt_is_counted_before_it_begins(db, handlers):
    seen = []
    handlers[WORK] = lambda: seen.append(OutboxMessage.objects.get(handler=WORK).attempts)
    message = ask(WORK)
    assert outbox.run(message.pk)
    assert seen == [1]
    assert (fresh(message).outcome, fresh(message).attempts) == (Outcome.DONE, 1)


def test_work_that_may_be_done_again_is_done_after_a_crash(db, handlers):
    handlers[WORK] = lambda: None
    message = ask(WORK)
    died_while_working(message)
    assert fresh(message).next_try_at > clock.now(), "a crash must not be repeated at once by the sweeper"
    assert outbox.run(message.pk)
    assert fresh(message).attempts == 2


def test_fault_26_work_that_kills_its_process_is_given_up(db, handlers):
    handlers[WORK] = lambda: None
    message = ask(WORK)
    for _crash in range(outbox.MAX_ATTEMPTS):
        died_while_working(message)
    assert not outbox.run(message.pk)
    assert fresh(message).outcome == Outcome.DEAD
    assert "gestopt" in fresh(message).error


def test_fault_3_what_may_have_left_is_not_sent_again_but_shown(db, handlers):
    handlers[LETTER] = raising(AssertionError("sent twice"))
    message = ask(LETTER)
    died_while_working(message)
    assert not outbox.run(message.pk)
    assert fresh(message).outcome == Outcome.UNKNOWN
    assert not outbox.run(message.pk)


def test_fault_3_a_failure_after_it_left_is_not_tried_again(db, handlers):
    def letter():
        mail.send("a@test.example", "Onderwerp", "registration_received", {"link": "https://topjob.example/x/"})
        raise OperationalError("the commit was lost")

    handlers[LETTER] = letter
    message = ask(LETTER)
    assert not outbox.run(message.pk)
    assert fresh(message).outcome == Outcome.UNKNOWN
    assert len(sent.outbox) == 1


def test_a_failure_before_it_left_is_tried_again(db, handlers):
    handlers[LETTER] = raising(OperationalError("the connection was lost"))
    message = ask(LETTER)
    outbox.run(message.pk)
    assert fresh(message).outcome == Outcome.WAITING


def test_after_a_person_looked_it_can_be_sent_again(db, handlers):
    handlers[LETTER] = lambda: None
    message = ask(LETTER)
    died_while_working(message)
    outbox.run(message.pk)
    outbox.requeue(fresh(message))
    assert outbox.run(message.pk)
    assert fresh(message).outcome == Outcome.DONE


def test_work_that_sends_must_say_so(db, handlers):
    handlers[WORK] = lambda: mail.send(
        "a@test.example", "Onderwerp", "registration_received", {"link": "https://topjob.example/x/"}
    )
    message = ask(WORK)
    assert not outbox.run(message.pk)
    assert "leaves=True" in fresh(message).error
    assert not sent.outbox


def test_somebody_elses_outage_is_waited_for(db, handlers):
    handlers[WORK] = raising(outbox.Postponed("weg"))
    message = ask(WORK)
    for _attempt in range(outbox.MAX_ATTEMPTS + 20):
        outbox.run(message.pk)
    assert fresh(message).outcome == Outcome.WAITING
    assert fresh(message).next_try_at - clock.now() <= outbox.LONGEST_WAIT
    OutboxMessage.objects.update(created_at=clock.now() - outbox.KEEP_TRYING - timedelta(minutes=1))
    outbox.run(message.pk)
    assert fresh(message).outcome == Outcome.DEAD


@pytest.mark.parametrize(
    ("error", "outcome"), [(outbox.Undeliverable, Outcome.DEAD), (outbox.Uncertain, Outcome.UNKNOWN)]
)
def test_what_never_works_is_told_at_once(db, handlers, error, outcome):
    told = []
    handlers[WORK] = raising(error("550 onbekend adres"))
    outbox.GIVEN_UP[WORK] = lambda **payload: told.append(payload)
    message = ask(WORK, link=7)
    outbox.run(message.pk)
    assert (fresh(message).outcome, told) == (outcome, [{"link": 7}])
    assert "550" in fresh(message).error


def test_that_it_ended_is_kept_when_telling_so_fails(db, handlers):
    handlers[WORK] = raising(outbox.Undeliverable("550"))
    outbox.GIVEN_UP[WORK] = raising(RuntimeError("nobody there"))
    message = ask(WORK)
    outbox.run(message.pk)
    assert fresh(message).outcome == Outcome.DEAD


def test_a_backlog_is_worked_on_until_all_of_it_is_done(db, handlers, monkeypatch):
    """A broker that was away for an afternoon leaves hundreds; a fixed portion a round would keep people waiting for nothing."""
    done = []
    handlers[WORK] = lambda number: done.append(number)
    with outbox.without_hints():
        for number in range(250):
            ask(WORK, number=number)
    tasks.sweep_outbox()
    assert done == list(range(250))


def test_between_two_rounds_comes_what_somebody_waits_for(db, handlers, settings):
    done = []
    handlers[WORK] = lambda number: done.append(number)
    with outbox.without_hints():
        for number in range(3):
            ask(WORK, number=number)
    settings.SWEEP_SECONDS = 0
    tasks.sweep_outbox()
    assert done == [0], "a round ends when the next one is due"
    tasks.sweep_outbox()
    assert done == [0, 1], "and the next goes on from there"


def test_a_late_failure_changes_nothing_that_ended(db, handlers):
    handlers[WORK] = lambda: None
    message = ask(WORK)
    assert outbox.run(message.pk)
    outbox._note_failure(message.pk, RuntimeError("late"))
    assert (fresh(message).outcome, fresh(message).error) == (Outcome.DONE, "")


# --- The mail server's answers ---------------------------------------------------------------------------------------
class Server:
    """A mail server that answers as it is told."""

    def __init__(self, on_open=None, on_send=None):
        self.on_open, self.on_send = on_open, on_send

    def open(self):
        if self.on_open:
            raise self.on_open

    def send_messages(self, messages):
        if self.on_send:
            raise self.on_send

    def close(self):
        raise smtplib.SMTPServerDisconnected("gone before goodbye")


GONE = smtplib.SMTPServerDisconnected("gone")
REFUSED = smtplib.SMTPRecipientsRefused({"a@test.example": (550, b"no such user")})
LATER = smtplib.SMTPRecipientsRefused({"a@test.example": (451, b"greylisted")})


@pytest.mark.parametrize(
    ("server", "error"),
    [
        (Server(on_open=ConnectionRefusedError()), outbox.Postponed),
        (Server(on_open=TimeoutError()), outbox.Postponed),
        (Server(on_open=smtplib.SMTPAuthenticationError(535, b"no")), outbox.Postponed),
        (Server(on_send=REFUSED), outbox.Undeliverable),
        (Server(on_send=LATER), outbox.Postponed),
        (Server(on_send=smtplib.SMTPDataError(552, b"too big")), outbox.Undeliverable),
        (Server(on_send=smtplib.SMTPDataError(421, b"busy")), outbox.Postponed),
        (Server(on_send=GONE), outbox.Uncertain),
        (Server(on_send=TimeoutError()), outbox.Uncertain),
        (Server(), None),
    ],
)
def test_fault_25_the_answer_decides_what_follows(monkeypatch, server, error):
    monkeypatch.setattr(mail, "get_connection", lambda: server)
    letter = ("a@test.example", "Onderwerp", "registration_received", {"link": "https://topjob.example/x/"})
    if error is None:
        mail.send(*letter)
    else:
        with pytest.raises(error):
            mail.send(*letter)


# --- Files -----------------------------------------------------------------------------------------------------------
@contextmanager
def disk_full_after(size: int):
    """As a full disk: no file may become larger."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def files(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file()]


# Python closes the file that couldn't be filled when it throws it away, and complains then: here, not in the next test.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
@pytest.mark.parametrize(("kind", "left"), [(storage.WholeFiles, []), (FileSystemStorage, ["a.pdf"])])
def test_fault_18_a_file_is_there_whole_or_not_at_all(tmp_path, kind, left):
    with disk_full_after(1000), pytest.raises(OSError):
        kind(tmp_path).save("a.pdf", ContentFile(b"x" * 5000))
    gc.collect()
    assert files(tmp_path) == left


def test_a_whole_file_has_its_name_and_content(tmp_path):
    disk = storage.WholeFiles(tmp_path)
    name = disk.save("map/a.pdf", ContentFile(b"inhoud"))
    assert (name, files(tmp_path)) == ("map/a.pdf", ["a.pdf"])
    with disk.open(name) as stream:
        assert stream.read() == b"inhoud"
