"""What the demo's people, modules and remarks are called. Names are put together by chance: nobody real is meant."""

UNIVERSITY = "University of Harrowmere"
DOMAIN = "harrowmere.example"
OTHER_UNIVERSITIES = ("eastvale.example", "north-lorne.example", "port-azure.example")

FIRST = ["Ada", "Adaeze", "Agnieszka", "Aisha", "Alasdair", "Alice", "Amara", "Amir", "Anaïs", "Andrew", "Anjali", "Ananya", "Astrid", "Beatriz", "Benedikt", "Bronwyn", "Callum", "Camille", "Carlos", "Catriona", "Chidi", "Chiara", "Chloe", "Cian", "Dafydd", "Daniela", "Deepak", "Dimitra", "Divya", "Eilidh", "Ekaterina", "Elif", "Emeka", "Emily", "Eoin", "Esther", "Farah", "Fatima", "Fergus", "Fiona", "Francesca", "Freya", "Gareth", "Giulia", "Grace", "Hamza", "Hannah", "Harriet", "Hiroshi", "Ifeoma", "Imran", "Ingrid", "Isabel", "Ivan", "Jack", "Jamal", "Jasmine", "Jin", "Joana", "Jonas", "Julia", "Kaito", "Kamala", "Katarzyna", "Kenji", "Khadija", "Kirsty", "Kofi", "Lars", "Laura", "Layla", "Leila", "Liam", "Linh", "Lucas", "Lucía", "Magnus", "Maja", "Malik", "Marek", "Mariam", "Mateo", "Mei", "Meera", "Mihai", "Mohammed", "Morag", "Nadia", "Naomi", "Niamh", "Nikhil", "Noor", "Oliver", "Olumide", "Oscar", "Paolo", "Parveen", "Petra", "Priya", "Rachel", "Rafael", "Rahul", "Ravi", "Rhys", "Rosa", "Rowan", "Ruth", "Sana", "Santiago", "Sara", "Seoyeon", "Shreya", "Siobhán", "Sofia", "Stefan", "Sunita", "Tariq", "Tendai", "Thandiwe", "Theo", "Tomasz", "Ulrika", "Valentina", "Wanjiru", "Wei", "Xin", "Yasmin", "Yuki", "Yusuf", "Zanele", "Zoë", "Zofia"]

LAST = ["Abara", "Adeyemi", "Ahmed", "Alvarez", "Anand", "Andersson", "Bajwa", "Banerjee", "Barr", "Bianchi", "Bondarenko", "Brandt", "Calder", "Castellano", "Chaudhry", "Chen", "Costa", "Dalgaard", "Das", "Demir", "Doyle", "Dubois", "Duffy", "Eze", "Farrow", "Fernandes", "Fischer", "Fraser", "Gallagher", "Garcia", "Georgiou", "Ghosh", "Grant", "Greer", "Gupta", "Haddad", "Hale", "Hansen", "Harper", "Hashimoto", "Hoang", "Horvat", "Hughes", "Hussain", "Ito", "Iyer", "Jansen", "Jones", "Kapoor", "Kaur", "Kelly", "Khan", "Kimura", "Kovács", "Kowalska", "Kuznetsov", "Lang", "Larsen", "Leclerc", "Lewis", "Lim", "Lindqvist", "Liu", "Llewellyn", "Lopez", "Macleod", "Mahmood", "Marsh", "Mbeki", "Medina", "Mensah", "Mercer", "Moreau", "Morgan", "Moyo", "Murray", "Mwangi", "Nakamura", "Ndlovu", "Nguyen", "Nielsen", "Novak", "Nowak", "Nwosu", "Obi", "Okafor", "Oliveira", "Olsen", "Osei", "Owen", "Papadakis", "Park", "Patel", "Pereira", "Petrov", "Popescu", "Quinn", "Rahman", "Ramos", "Rao", "Reid", "Ricci", "Romero", "Rossi", "Sato", "Schmidt", "Sharma", "Silva", "Singh", "Sinclair", "Smith", "Soto", "Stewart", "Suzuki", "Takahashi", "Tan", "Tanaka", "Thomas", "Torres", "Tran", "Tremblay", "Turner", "Vargas", "Virtanen", "Volkov", "Wallace", "Wang", "Weber", "Wilson", "Wong", "Yamada", "Yılmaz", "Young", "Zhang", "Zhou"]

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

PASSWORD_WORDS = ["amber", "anchor", "apple", "arrow", "autumn", "bamboo", "basket", "beacon", "birch", "bottle", "bridge", "bronze", "button", "candle", "canvas", "carpet", "castle", "cedar", "chalk", "cherry", "cinder", "clover", "cobalt", "comet", "copper", "coral", "cotton", "cradle", "crystal", "daisy", "desert", "dragon", "ember", "falcon", "feather", "fiddle", "forest", "garden", "garnet", "ginger", "granite", "hammer", "harbour", "hazel", "heather", "island", "ivory", "jasmine", "juniper", "kettle", "lantern", "laurel", "lemon", "linen", "magnet", "maple", "marble", "meadow", "mirror", "mosaic", "nectar", "nickel", "nutmeg", "oatmeal", "olive", "orbit", "orchard", "otter", "paper", "pebble", "pepper", "pillow", "planet", "plum", "pocket", "poplar", "quartz", "quiver", "rabbit", "ribbon", "river", "rocket", "saddle", "saffron", "sailor", "sandal", "silver", "sparrow", "spruce", "summit", "sunset", "thistle", "timber", "topaz", "tulip", "tunnel", "turnip", "umber", "velvet", "violet", "walnut", "willow", "window", "winter"]
