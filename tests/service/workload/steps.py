"""One request of every procedure that changes something, in an order in which each is allowed after those before."""

from chalkbell.contracts import Change, Request
from chalkbell.contracts.workload import (
    ActivityDetails,
    ActivityTypeDetails,
    AllocateModule,
    Allocation,
    CategoryDetails,
    ChangePackage,
    FilledActivity,
    FilledActivityType,
    FilledModule,
    FilledPost,
    FilledProgramme,
    FillPackage,
    ModuleDetails,
    PostDetails,
    ProgrammeDetails,
    PutActivity,
    PutActivityType,
    PutCategory,
    PutModule,
    PutPost,
    PutProgramme,
    ReadActivity,
    ReadLoad,
    ReadLoads,
    ReadPackage,
    RemoveActivity,
    RemoveActivityType,
    RemoveCategory,
    RemoveModule,
    RemovePost,
    RemoveProgramme,
)
from tests.service.workload.department import CS, details

MODULE = ModuleDetails(code="CS2002", name="Databases", credits=10.0, students=40, coordinator="staff", programmes=["msc", "bsc"])
ACTIVITY = ActivityDetails(name="Outreach", type="tours", amount=12.5, periods=[3, 1], person="staff", module="cs2002")

CHANGES: list[Request[object]] = [
    ChangePackage(package=CS, seen=1, values=details(name="Computing", nominal_hours=1500.0, groups=["law-staff", "cs-staff"])),
    PutCategory(package=CS, values=CategoryDetails(name="Service")),
    PutCategory(package=CS, id="service", seen=1, values=CategoryDetails(name="Service", abbreviation="S")),
    PutActivityType(package=CS, values=ActivityTypeDetails(name="Tours", category="service")),
    PutProgramme(
        package=CS, values=ProgrammeDetails(code="MSC", name="MSc", directors=["staff"], examiners=["invited", "examiner"])
    ),
    PutProgramme(package=CS, id="msc", seen=1, values=ProgrammeDetails(code="MSC", name="MSc Computing")),
    PutModule(package=CS, values=MODULE),
    PutModule(
        package=CS, id="cs1001", seen=1, values=ModuleDetails(code="CS1001", name="Programming", moderators=["staff", "boss"])
    ),
    AllocateModule(
        package=CS,
        id="cs2002",
        seen=1,
        allocations=[Allocation(person="teacher", admin=30.0), Allocation(person="staff", contact=100.0, assessment=33.3)],
    ),
    PutActivity(package=CS, id="tour", values=ACTIVITY),
    PutActivity(
        package=CS,
        id="secret",
        seen=1,
        values=ActivityDetails(name="Long illness", type="projects", amount=80.0, periods=[2], person="busy", confidential=True),
    ),
    # another category for the type: its activities, the confidential one too, have it as well
    PutActivityType(package=CS, id="projects", seen=1, values=ActivityTypeDetails(name="Projects", category="service")),
    PutPost(package=CS, person="staff", values=PostDetails(fte=80.0, school="Computing")),
    PutPost(package=CS, person="staff", seen=1, values=PostDetails(fte=0.0, has_workload=False)),
    FillPackage(
        package=CS,
        activity_types=[FilledActivityType(id="projects", name="All projects", category="research")],
        programmes=[FilledProgramme(code="PHD", name="PhD")],
        modules=[
            FilledModule(code="CS3003", name="Compilers", coordinator="boss", allocations=[Allocation(person="boss", admin=1.0)]),
            FilledModule(id="cs2002", code="CS2002", name="Data", programmes=["phd"]),
        ],
        posts=[FilledPost(person="postholder", fte=60.0)],
        activities=[
            FilledActivity(id="secret", name="Illness", type="projects", amount=1.0, periods=[1], confidential=True),
            FilledActivity(id="talks", name="Talks", type="tours", amount=2.0, periods=[1], module="cs3003"),
        ],
    ),
    RemoveActivity(package=CS, id="tour", seen=1),
    RemoveActivity(package=CS, id="talks", seen=1),
    RemoveActivityType(package=CS, id="tours", seen=1),
    RemoveModule(package=CS, id="cs2002", seen=3),
    RemoveProgramme(package=CS, id="msc", seen=2),
    RemovePost(package=CS, person="staff", seen=2),
    RemoveCategory(package=CS, id="service", seen=2),
]
assert all(isinstance(change, Change) for change in CHANGES)

READS: list[Request[object]] = [
    ReadPackage(package=CS),
    ReadLoads(package=CS),
    ReadLoad(package=CS, person="teacher"),
    ReadActivity(package=CS, id="grant"),
]
