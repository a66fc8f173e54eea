"""What the demo's people, modules and remarks are called. Names are put together by chance: nobody real is meant."""

from pathlib import Path


def _lines(name: str) -> list[str]:
    return (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()


UNIVERSITY = "University of Harrowmere"
DOMAIN = "harrowmere.example"
OTHER_UNIVERSITIES = ("eastvale.example", "north-lorne.example", "port-azure.example")

FIRST = _lines("first.txt")

LAST = _lines("last.txt")

COMPUTING = """
1: Programming 1; Programming 2; Computer Systems; Foundations of Computation; Web Technologies; Problem Solving; Computing and Society;
Data Literacy; Discrete Structures; Introduction to Robotics; Digital Media; Professional Skills
2: Algorithms and Data Structures; Operating Systems; Databases; Object-oriented Design; Computer Networks; Logic and Reasoning;
Human-Computer Interaction; Software Engineering; Functional Programming; Computer Graphics; Embedded Systems; Team Project;
Information Security; Statistics for Computing; Interaction Workshop; Computer Architecture
3: Artificial Intelligence; Compilers; Distributed Systems; Machine Learning; Cloud Computing; Concurrency; Computer Vision;
Cryptography; Formal Methods; Data Visualisation; Mobile Computing; Game Development; Natural Language Processing; Knowledge
Representation; Software Testing; Parallel Programming; Signal Processing; Ethics of Technology; Digital Forensics; Computational Biology
4: Deep Learning; Advanced Databases; Program Analysis; Reinforcement Learning; Quantum Computing; Information Retrieval; Bayesian
Methods; Cyber Security Management; Network Security; Human Factors in Security; Advanced Algorithms; Constraint Programming; Usable
Privacy; Accessible Computing; Robot Perception; Large-scale Data Engineering; Language Design; Verification of Concurrent Programs; Speech
Technology; Graph Mining
5: Research Methods; Dissertation; Data Science in Practice; Secure Software; Conversational Agents; Computing Masterclass; Statistical
Learning; User Experience Research; Health Informatics; Critical Technical Practice; Information Visualisation; Optimisation
""".strip()

MATHEMATICS = """
1: Calculus; Linear Algebra; Introductory Statistics; Proof and Number; Mathematical Modelling; Geometry; Probability
2: Real Analysis; Multivariable Calculus; Abstract Algebra; Statistical Inference; Differential Equations; Vector Spaces; Numerical Methods;
Combinatorics; Complex Variables
3: Group Theory; Topology; Stochastic Processes; Regression; Fluid Dynamics; Mathematical Biology; Graph Theory; Measure Theory;
Time Series; Operational Research; Number Theory
4: Functional Analysis; Galois Theory; Differential Geometry; Asymptotic Methods; Survival Analysis; Multivariate Statistics; Mathematical
Finance; Bayesian Inference
5: Statistical Machine Learning; Spatial Statistics; Statistical Computing; Mathematics Project; Consultancy Skills
""".strip()


def subjects(text: str) -> list[tuple[int, str]]:
    """Level and name of each module in one of the lists above, in order."""
    found: list[tuple[int, str]] = []
    for block in text.split("\n"):
        head, colon, rest = block.partition(": ")
        if colon and head.isdigit():
            found.append((int(head), rest))
        else:
            level, so_far = found.pop()
            found.append((level, f"{so_far} {block}"))
    return [(level, name) for level, names in found for part in names.split(";") if (name := part.strip())]


CHANGES = (
    "Question 2(b) repeats last year's wording; please set new numbers.",
    "The marks on the last question add up to 24 rather than 25.",
    "Could the rubric say that calculators are allowed?",
    "Question 3 asks for more than two hours' work; I would drop part (d).",
    "Please add the learning outcomes that each question assesses.",
    "The marking scheme leaves open how partial answers to question 1 are credited.",
    "The deadline falls on the same day as that of the team project.",
)
ANSWERS = (
    "Done as asked; the marks now add up.",
    "Question replaced, and its solution with it.",
    "Shortened by one part. I kept the wording of the first, as we agreed in person.",
    "Rubric and scheme changed. Thank you for the careful reading.",
)
REMARKS = ("", "", "", "Clear and fair.", "A good spread of difficulty.", "No comments from my side.", "The scheme is exemplary.")

PASSWORD_WORDS = _lines("password_words.txt")
