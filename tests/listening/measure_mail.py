"""How long does a mailbox of 5,000 threads take, until all of it is read, understood and in its place?

Run: python -m tests.listening.measure_mail [THREADS]

A real mailbox at the local mail server, filled with made-up but real-looking threads: what people ask, our
answers in the Sent folder, what they answer back with the quote below it, half of it as HTML. Taken in as a
new connection does, in a home of its own: by a listener and a worker, two processes as in `goodword run`.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from tests.servers.mail import PASSWORD, MailServer, mail_server_running

US = "hello@brand.example"
ASKS = (
    "Does the {thing} whistle, or is it quiet? My {person} sleeps next door and I get up at six.",
    "My {thing} arrived with a dent in its lid. Can you send another one before the weekend?",
    "I just wanted to say that the {thing} is the best thing in our kitchen. Thank you!",
    "Where is my order? It was to come on Monday, and the tracking has not moved since.",
    "Könnt ihr den {thing} auch nach Österreich schicken? Und was kostet das?",
    "Bonjour, la {thing} existe-t-elle en vert ? Merci d'avance.",
    "We would like to order 30 of the {thing} for our office. Is there a price for companies?",
)
ANSWERS = ("It is quiet until it boils.", "We are sorry! Another one is on its way.", "That made our day.")
BACKS = ("Great, thank you!", "And in green?", "Perfect, I have just ordered one.", "Hm. I hope so.")
THINGS, PEOPLE = ("kettle", "teapot", "mug", "tray", "grinder"), ("sister", "flatmate", "baby", "dog")


def main(threads: int) -> None:
    with mail_server_running() as server, tempfile.TemporaryDirectory() as home:
        began = time.monotonic()
        inbox, sent = fill(server, threads)
        print(
            f"{threads} threads, {inbox} mails in the inbox and {sent} in Sent:"
            f" made in {time.monotonic() - began:.0f} s"
        )
        os.environ |= {
            "GOODWORD_HOME": home,
            "DJANGO_SETTINGS_MODULE": "goodword.settings",
            "GOODWORD_PRIVATE_HOSTS": ",".join(server.opened),
        }
        take_in(server)


def fill(server: MailServer, threads: int) -> tuple[int, int]:
    chance = random.Random(20261201)
    began = datetime.now(UTC) - timedelta(days=300)
    received, ours = [], []
    for i in range(threads):
        person = f"Person {i % 3000} <p{i % 3000}@people.example>"
        at = began + timedelta(minutes=i * 300 * 1440 / threads)
        words = {"thing": chance.choice(THINGS), "person": chance.choice(PEOPLE)}
        asked = chance.choice(ASKS).format(**words)
        received.append(
            _mail(chance, person, US, f"a{i}@people.example", at, asked, f"About the {words['thing']}")
        )
        if chance.random() < 0.7:
            ours.append(
                _mail(
                    chance,
                    US,
                    person,
                    f"b{i}@brand.example",
                    at + timedelta(hours=2),
                    chance.choice(ANSWERS),
                    f"Re: About the {words['thing']}",
                    answers=f"a{i}@people.example",
                    quoting=asked,
                )
            )
            if chance.random() < 0.5:
                received.append(
                    _mail(
                        chance,
                        person,
                        US,
                        f"c{i}@people.example",
                        at + timedelta(hours=5),
                        chance.choice(BACKS),
                        f"Re: About the {words['thing']}",
                        answers=f"b{i}@brand.example",
                        quoting=asked,
                    )
                )
    server.deliver_all(received, US)
    with server.signed_in(US) as box:
        for mail in ours:
            box.append("Sent", "(\\Seen)", "", mail)
    return len(received), len(ours)


def _mail(
    chance: random.Random,
    sender: str,
    to: str,
    name: str,
    at: datetime,
    words: str,
    subject: str,
    *,
    answers: str = "",
    quoting: str = "",
) -> bytes:
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Date"], mail["Message-ID"] = format_datetime(at), f"<{name}>"
    if answers:
        mail["In-Reply-To"] = mail["References"] = f"<{answers}>"
    quote = (
        f"\n\nOn {at:%a, %b %d, %Y} at {at:%H:%M}, somebody <x@people.example> wrote:\n> {quoting}\n"
        if quoting
        else ""
    )
    mail.set_content(f"Hello,\n\n{words}\n\nBest wishes\n{sender.partition(' <')[0]}{quote}")
    if chance.random() < 0.5:
        quoted = (
            f'<div class="gmail_quote">On Monday: <blockquote>{quoting}</blockquote></div>' if quoting else ""
        )
        mail.add_alternative(
            f'<html><head><style>p{{margin:0}}</style></head><body><div dir="ltr"><p>Hello,</p><p>{words}</p>'
            f"<table><tr><td>Best wishes</td></tr></table></div>{quoted}{'<br>' * 20}</body></html>",
            subtype="html",
        )
    if chance.random() < 0.05:
        photo = chance.randbytes(60_000)
        mail.add_attachment(photo, maintype="image", subtype="jpeg", filename="photo.jpg")
    return mail.as_bytes()


def take_in(server: MailServer) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    call_command("migrate", verbosity=0)
    from goodword.channels.email import Email
    from goodword.conversations.models import Conversation
    from goodword.listening import connecting
    from goodword.listening.models import Attachment, Connection, Post, Step
    from goodword.team.membership import make_owner
    from goodword.team.models import Brand

    brand = Brand.objects.first() or Brand.objects.create(name="Steamwren")
    owner = make_owner(brand, "dana@example.com", now=timezone.now())
    form = {"address": US, "password": PASSWORD}
    where = {"imap": f"127.0.0.1:{server.imap}", "smtp": f"127.0.0.1:{server.smtp}", "newest": "40000"}
    connection, _health = connecting.connect(owner, Email, form | where, now=timezone.now())
    began, heard_after = time.monotonic(), 0.0
    parts = [subprocess.Popen([sys.executable, "-m", "goodword", part]) for part in ("listen", "work")]
    while True:
        time.sleep(0.5)
        row = Connection.objects.get(pk=connection.pk)
        is_over = row.history_total and row.history_done == row.history_total
        if is_over and not heard_after:
            heard_after = time.monotonic() - began
        if is_over and not Post.objects.exclude(step=Step.DONE).exists():
            break
    wall = time.monotonic() - began
    used = [_cpu_of(part.pid) for part in parts]
    ram = [_ram_of(part.pid) for part in parts]
    for part in parts:
        part.terminate()
        part.wait()
    print(f"heard after {heard_after:.0f} s; all in place after {wall:.0f} s")
    print(f"CPU: {used[0]:.0f} s to listen, {used[1]:.0f} s to work; memory at most {ram[0]} and {ram[1]} MB")
    states = {state: Conversation.objects.filter(state=state).count() for state in ("open", "resolved")}
    counts = f"{Post.objects.count()} posts, {Conversation.objects.count()} conversations {states}"
    print(f"{counts}, {Attachment.objects.count()} files")


def _cpu_of(pid: int) -> float:
    """Seconds of a process and all its threads."""
    told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def _ram_of(pid: int) -> int:
    """MB that it held at most."""
    told = Path(f"/proc/{pid}/status").read_text()
    return int(told.partition("VmHWM:")[2].split()[0]) // 1024


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5_000)
