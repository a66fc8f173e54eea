"""The demo's people: staff of two schools and of the offices, examiners from elsewhere, students of one class."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from random import Random

from chalkbell.contracts.directory import PersonKind
from chalkbell.demo import words

COMPUTING = "School of Computer Science"
MATHEMATICS = "School of Mathematics"
OFFICES = "Academic Services"
#: Postholders come first, so that everybody after them is one of many.
TITLES = ("Professor", "Reader", "Senior Lecturer", "Senior Lecturer", "Lecturer", "Lecturer", "Lecturer", "Associate Lecturer")
FTES = (100.0, 100.0, 100.0, 100.0, 100.0, 80.0, 100.0, 60.0, 100.0, 50.0, 100.0, 100.0, 40.0)
CLASS = "class-cs1001"


@dataclass(frozen=True)
class Somebody:
    """A person of the demo. `fte` is in percent; the post is empty for those who have none."""

    id: str
    name: str
    email: str
    kind: PersonKind
    administrator: bool = False
    school: str = ""
    job_title: str = ""
    fte: float = 100.0
    groups: tuple[str, ...] = ()


@dataclass
class People:
    """Everybody, by what they do."""

    computing: list[Somebody] = field(default_factory=list[Somebody])
    mathematics: list[Somebody] = field(default_factory=list[Somebody])
    offices: list[Somebody] = field(default_factory=list[Somebody])
    examiners: list[Somebody] = field(default_factory=list[Somebody])
    students: list[Somebody] = field(default_factory=list[Somebody])

    @property
    def everybody(self) -> list[Somebody]:
        """All of them."""
        return [*self.computing, *self.mathematics, *self.offices, *self.examiners, *self.students]

    @property
    def staff(self) -> list[Somebody]:
        """Those who work here."""
        return [*self.computing, *self.mathematics, *self.offices]


GROUPS = {
    "cs-staff": COMPUTING,
    "cs-management": f"{COMPUTING}, management",
    "cs-assessment-team": f"{COMPUTING}, assessment team",
    "maths-staff": MATHEMATICS,
    "maths-management": f"{MATHEMATICS}, management",
    "maths-assessment-team": f"{MATHEMATICS}, assessment team",
    "exams-office": "Examinations Office",
    "external-examiners": "External examiners",
    CLASS: "CS1001 Programming 1, class of this year",
}


def make_people(seed: int) -> People:
    """A hundred staff, eight examiners and a class of sixty; the same seed gives the same people."""
    chance = Random(f"{seed}:people")
    names = _Names(chance)
    people = People()
    people.computing = _school(chance, names, COMPUTING, "cs", 54)
    people.mathematics = _school(chance, names, MATHEMATICS, "maths", 34)
    office = (
        ("Campus Systems Administrator", True, ()),
        ("Head of Examinations", False, ("exams-office",)),
        *(("Examinations Officer", False, ("exams-office",)) for _ in range(3)),
        *(("Assessment Officer", False, ("cs-assessment-team", "maths-assessment-team")) for _ in range(2)),
        *(("School Administrator", False, groups) for groups in (("cs-staff",), ("cs-staff",), ("maths-staff",))),
        ("Timetabling Officer", False, ()),
        ("Deputy Systems Administrator", True, ()),
    )
    people.offices = [
        _somebody(next(names), OFFICES, job_title=title, administrator=administrator, groups=groups)
        for title, administrator, groups in office
    ]
    people.examiners = [
        _somebody(
            name, "", kind=PersonKind.EXTERNAL, domain=chance.choice(words.OTHER_UNIVERSITIES), groups=("external-examiners",)
        )
        for name in (next(names) for _ in range(8))
    ]
    people.students = [
        _somebody(name, "", kind=PersonKind.STUDENT, domain=f"students.{words.DOMAIN}", groups=(CLASS,))
        for name in (next(names) for _ in range(60))
    ]
    return people


def _school(chance: Random, names: _Names, school: str, short: str, count: int) -> list[Somebody]:
    posts: list[tuple[str, float, tuple[str, ...]]] = [
        ("Head of School", 100.0, (f"{short}-staff", f"{short}-management")),
        ("Director of Teaching", 100.0, (f"{short}-staff", f"{short}-management", f"{short}-assessment-team")),
    ]
    while len(posts) < count:
        posts.append((chance.choice(TITLES), FTES[len(posts) % len(FTES)], (f"{short}-staff",)))
    return [_somebody(next(names), school, job_title=title, fte=fte, groups=groups) for title, fte, groups in posts]


class _Names:
    """Names that nobody has yet."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._given: set[str] = set()

    def __iter__(self) -> _Names:
        return self

    def __next__(self) -> str:
        while True:
            name = f"{self._chance.choice(words.FIRST)} {self._chance.choice(words.LAST)}"
            if (id := id_of(name)) not in self._given:
                self._given.add(id)
                return name


def _somebody(
    name: str,
    school: str,
    *,
    kind: PersonKind = PersonKind.STAFF,
    domain: str = words.DOMAIN,
    job_title: str = "",
    fte: float = 100.0,
    administrator: bool = False,
    groups: tuple[str, ...] = (),
) -> Somebody:
    id = id_of(name)
    return Somebody(id, name, f"{id.replace('-', '.')}@{domain}", kind, administrator, school, job_title, fte, groups)


def id_of(name: str) -> str:
    """A person's id made of their name: Zoë Åkesson becomes zoe-akesson."""
    plain = unicodedata.normalize("NFKD", name.replace("ı", "i")).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
