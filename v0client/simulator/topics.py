"""Words and sample content for what prompts are usually about. Data only."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Topic:
    """Sample content of one subject; `words` are what prompts about it mention."""

    words: tuple[str, ...]
    tagline: str
    action: str
    items: tuple[tuple[str, str, str], ...]
    figures: tuple[tuple[str, str, str], ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


TOPICS = (
    Topic(
        ("shop", "product", "store", "checkout", "cart", "gift", "order", "e-commerce", "coffee"),
        "Made in small batches, packed by hand, at your door within two days.",
        "Browse the shop",
        (
            ("House blend", "Chocolate, hazelnut, a long finish", "€14"),
            ("Morning roast", "Bright, red apple, light body", "€16"),
            ("Decaf", "All the sweetness, none of the hurry", "€15"),
            ("Gift box", "Three bags and a card in your words", "€39"),
            ("Dripper", "White porcelain, fits any mug", "€24"),
            ("Paper filters", "One hundred, unbleached", "€6"),
        ),
        (
            ("Orders today", "184", "+12%"),
            ("Average basket", "€41", "+3%"),
            ("Returns", "1.8%", "-0.4%"),
            ("Repeat buyers", "46%", "+5%"),
        ),
        ("Order", "Customer", "Status", "Total"),
        (
            ("#4821", "Mara Lindqvist", "Packed", "€55.00"),
            ("#4820", "Tom Abara", "Shipped", "€39.00"),
            ("#4819", "Yuki Sato", "Paid", "€14.00"),
            ("#4818", "Ana Costa", "Refunded", "€24.00"),
        ),
    ),
    Topic(
        ("dashboard", "analytics", "metric", "kpi", "revenue", "report", "usage", "chart", "sales"),
        "The few numbers that decide what to do this week.",
        "Open this week",
        (
            ("Acquisition", "Where new accounts come from", "1,204"),
            ("Activation", "First project within a day", "61%"),
            ("Retention", "Still here after eight weeks", "44%"),
            ("Revenue", "Recurring, this month", "$82.4k"),
            ("Support", "Median first answer", "38 min"),
            ("Reliability", "Requests without an error", "99.94%"),
        ),
        (
            ("Revenue", "$82.4k", "+8.1%"),
            ("Active teams", "1,932", "+4.0%"),
            ("Churn", "1.9%", "-0.3%"),
            ("Response time", "212 ms", "-18 ms"),
        ),
        ("Account", "Plan", "Seats", "Revenue"),
        (
            ("Northwind", "Business", "48", "$2,880"),
            ("Acme Labs", "Team", "12", "$540"),
            ("Blue Harbor", "Team", "9", "$405"),
            ("Kite & Co", "Starter", "3", "$57"),
        ),
    ),
    Topic(
        (
            "admin",
            "back office",
            "inventory",
            "invoice",
            "crm",
            "customer",
            "ticket",
            "users",
            "warehouse",
            "approval",
        ),
        "Everything that waits for somebody, in one quiet place.",
        "See what is open",
        (
            ("Awaiting approval", "Invoices above the limit", "7"),
            ("Low stock", "Below the reorder point", "13"),
            ("Open tickets", "Without an answer since yesterday", "4"),
            ("New customers", "This week", "29"),
            ("Late shipments", "Carrier has not confirmed", "2"),
            ("Expiring contracts", "Within thirty days", "5"),
        ),
        (
            ("Open", "61", "-9"),
            ("Overdue", "4", "-2"),
            ("Closed this week", "138", "+21"),
            ("Median age", "1.6 d", "-0.3 d"),
        ),
        ("Item", "Owner", "State", "Due"),
        (
            ("INV-2093", "Priya", "Waiting", "Today"),
            ("INV-2091", "Jonas", "Approved", "Tomorrow"),
            ("INV-2088", "Priya", "Rejected", "—"),
            ("INV-2087", "Lena", "Paid", "Friday"),
        ),
    ),
    Topic(
        ("docs", "documentation", "api", "developer", "guide", "changelog", "reference", "sdk"),
        "From the first request to production in one afternoon.",
        "Start with the guide",
        (
            ("Quick start", "Five minutes, one file", "Guide"),
            ("Authentication", "Keys, scopes and rotation", "Guide"),
            ("Webhooks", "Events, retries, signatures", "Reference"),
            ("Errors", "Every status and what to do", "Reference"),
            ("Limits", "Rates, sizes and paging", "Reference"),
            ("Examples", "Twelve complete programs", "Code"),
        ),
        (
            ("Endpoints", "116", "+8"),
            ("Examples", "42", "+5"),
            ("Uptime", "99.99%", "0"),
            ("Answer time", "84 ms", "-6 ms"),
        ),
        ("Method", "Path", "What it does", "Since"),
        (
            ("GET", "/projects", "Lists projects", "1.0"),
            ("POST", "/projects", "Creates one", "1.0"),
            ("GET", "/projects/{id}", "Reads one", "1.0"),
            ("DELETE", "/keys/{id}", "Revokes", "1.4"),
        ),
    ),
    Topic(
        (
            "book",
            "appointment",
            "calendar",
            "schedule",
            "reservation",
            "event",
            "conference",
            "restaurant",
            "travel",
            "hotel",
            "course",
            "class",
        ),
        "Pick a time that suits you. We keep the rest of the day free of surprises.",
        "Find a time",
        (
            ("Introduction", "Twenty minutes, online", "Free"),
            ("Workshop", "Half a day, up to twelve people", "€480"),
            ("Evening table", "Two to six guests", "19:00"),
            ("Weekend course", "Saturday and Sunday", "€220"),
            ("Private tour", "Ninety minutes on foot", "€65"),
            ("Consultation", "One hour with notes", "€120"),
        ),
        (
            ("Booked this week", "73", "+11"),
            ("Free places", "18", "-4"),
            ("No-shows", "2.1%", "-0.6%"),
            ("Rating", "4.8", "+0.1"),
        ),
        ("Time", "What", "Who", "Places"),
        (
            ("09:00", "Introduction", "Sofia", "3 left"),
            ("11:30", "Workshop", "Ben", "full"),
            ("14:00", "Private tour", "Amina", "6 left"),
            ("19:00", "Evening table", "Luca", "2 left"),
        ),
    ),
    Topic(
        (
            "portfolio",
            "blog",
            "article",
            "newsletter",
            "magazine",
            "personal",
            "photo",
            "agency",
            "studio",
        ),
        "Notes and work from a small studio that likes clear things.",
        "Read the latest",
        (
            ("A calmer inbox", "What we removed, and why nobody missed it", "6 min"),
            ("Typography for tables", "Figures that line up", "9 min"),
            ("Field notes: Lisbon", "Tiles, signs and shop windows", "4 min"),
            ("The long redesign", "Three years in three releases", "12 min"),
            ("Interviews", "How four teams run critiques", "8 min"),
            ("Reading list", "Eleven books on our shelf", "3 min"),
        ),
        (
            ("Readers", "12.4k", "+640"),
            ("Issues", "87", "+1"),
            ("Open rate", "58%", "+2%"),
            ("Projects", "34", "+3"),
        ),
        ("Project", "Client", "Year", "Role"),
        (
            ("Harbour signs", "City of Porto", "2026", "Design"),
            ("Atlas", "Kite & Co", "2025", "Web"),
            ("Grain", "Own work", "2025", "Type"),
            ("Ledger", "Northwind", "2024", "Product"),
        ),
    ),
    Topic(
        (
            "task",
            "kanban",
            "todo",
            "project management",
            "sprint",
            "roadmap",
            "standup",
            "onboard",
            "checklist",
            "habit",
        ),
        "Small steps, visible to everyone, finished on Friday.",
        "Plan the week",
        (
            ("Sign-in with passkeys", "Design is done, API this week", "In progress"),
            ("Faster search", "Index built, measure on real data", "Review"),
            ("Empty states", "Copy agreed with support", "Next"),
            ("Billing e-mails", "Two of five translated", "In progress"),
            ("Dark mode", "Tokens first, pictures later", "Next"),
            ("Import from CSV", "Waits for sample files", "Blocked"),
        ),
        (
            ("Done this week", "23", "+6"),
            ("In progress", "8", "-1"),
            ("Blocked", "1", "-2"),
            ("Cycle time", "2.4 d", "-0.5 d"),
        ),
        ("Task", "Who", "State", "Points"),
        (
            ("Passkeys", "Olivia", "Doing", "5"),
            ("Search", "Adam", "Review", "3"),
            ("Empty states", "Mia", "Next", "2"),
            ("CSV import", "Adam", "Blocked", "5"),
        ),
    ),
    Topic(
        ("landing", "marketing", "website", "startup", "pricing", "page", "app", "saas"),
        "Less to set up, less to explain, more time for the work itself.",
        "Start free",
        (
            ("Ready in minutes", "No migration, no training day", "Setup"),
            ("Made for teams", "Roles, comments and history", "Together"),
            ("Works with yours", "Forty integrations that stay quiet", "Connect"),
            ("Private by default", "Encrypted, hosted in your region", "Trust"),
            ("Fair pricing", "Pay for people who were active", "Money"),
            ("Humans answer", "Median under an hour", "Support"),
        ),
        (
            ("Teams", "8,400", "+310"),
            ("Countries", "62", "+4"),
            ("Uptime", "99.98%", "0"),
            ("Rating", "4.9", "+0.1"),
        ),
        ("Feature", "Starter", "Team", "Business"),
        (
            ("Projects", "3", "Unlimited", "Unlimited"),
            ("History", "30 days", "1 year", "Forever"),
            ("Single sign-on", "—", "—", "Included"),
            ("Support", "E-mail", "Chat", "Phone"),
        ),
    ),
)
