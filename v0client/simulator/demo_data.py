"""What the demo team has been working on. Data only."""

from __future__ import annotations

# name, description, instructions, private, environment variables
PROJECTS: tuple[tuple[str, str, str, bool, tuple[tuple[str, str], ...]], ...] = (
    (
        "Marketing site",
        "Everything under harbor.example that visitors see before they sign up.",
        "Plain words, no stock photos. Buttons say what happens next. British spelling.",
        False,
        (
            ("NEXT_PUBLIC_SITE_URL", "https://harbor.example"),
            ("NEWSLETTER_TOKEN", "nl_test_4f2a91"),
            ("NEXT_PUBLIC_ANALYTICS_ID", "site-2041"),
        ),
    ),
    (
        "Shop",
        "The coffee shop: catalogue, product pages, basket and checkout.",
        "Prices in euros with two decimals. Every product photo needs a text alternative.",
        False,
        (
            ("PAYMENT_KEY", "sk_test_51Harbor"),
            ("DATABASE_URL", "postgres://shop:shop@db/shop"),
            ("NEXT_PUBLIC_CURRENCY", "EUR"),
            ("SHIPPING_WEBHOOK_SECRET", "whsec_7b1e"),
        ),
    ),
    (
        "Back office",
        "What support and operations use all day.",
        "Dense tables, keyboard first, never more than two colours besides grey.",
        False,
        (
            ("DATABASE_URL", "postgres://ops:ops@db/ops"),
            ("SSO_ISSUER", "https://id.harbor.example"),
        ),
    ),
    (
        "Docs",
        "Guides and reference for the public API.",
        "One idea per page. Every example must run as it is written.",
        False,
        (("SEARCH_INDEX", "docs-main"),),
    ),
    (
        "Analytics",
        "Dashboards for the weekly review.",
        "Label axes, start them at zero, and say where the numbers come from.",
        False,
        (
            ("WAREHOUSE_URL", "https://warehouse.harbor.example"),
            ("WAREHOUSE_TOKEN", "wh_read_only"),
        ),
    ),
    (
        "Customer portal",
        "Where customers see invoices, tickets and their plan.",
        "Accessible first: WCAG AA, visible focus, works without a mouse.",
        False,
        (("API_BASE", "https://api.harbor.example"), ("SESSION_SECRET", "not-the-real-one")),
    ),
    (
        "Design system",
        "Tokens and components shared by every other project.",
        "No new colours without a reason. Each component has states: hover, focus, disabled.",
        False,
        (),
    ),
    ("Hiring experiments", "Drafts for the careers page and the interview planner.", "", True, ()),
)

# title, place of the project or None, first prompt
CHATS: tuple[tuple[str, int | None, str], ...] = (
    (
        "Pricing page with three tiers",
        0,
        "Build a pricing page with three tiers, a monthly/yearly switch and a short FAQ "
        "underneath. "
        "The middle plan should stand out. Keep it minimal.",
    ),
    (
        "Homepage hero",
        0,
        "Design a landing page hero for a startup that helps teams run calmer projects. "
        "One headline, "
        "one sentence, two buttons, and a grid of six features below.",
    ),
    (
        "Newsletter sign-up",
        0,
        "I need a newsletter sign up form with a friendly confirmation state and an error state.",
    ),
    (
        "Customer stories",
        0,
        "Create a page of customer stories: three testimonials up front, then a grid of cards that "
        "link to the long versions.",
    ),
    (
        "Changelog",
        0,
        "Make a changelog page with a timeline, tags for new, improved and fixed, and a subscribe "
        "link.",
    ),
    (
        "Product page for the dripper",
        1,
        "Create a product page for a porcelain coffee dripper: photos, price, quantity, a review "
        "block and related products.",
    ),
    (
        "Checkout in two steps",
        1,
        "Build a checkout with two steps, address then payment. Show the basket beside the form. "
        "It has to work well on a phone.",
    ),
    (
        "Gift card designer",
        1,
        "Make a gift card designer: choose an amount, pick one of four designs, write a "
        "message, see "
        "a live preview.",
    ),
    ("Empty basket", 1, "Design the empty basket of our coffee store with three suggestions."),
    (
        "Order tracking",
        1,
        "Order tracking page with a timeline of four steps and a map placeholder. Green palette.",
    ),
    (
        "Subscription builder",
        1,
        "A coffee subscription builder: beans, grind, how often, then a summary with the price.",
    ),
    (
        "Orders table with filters",
        2,
        "Create an admin table of orders with filters for status and date, bulk actions "
        "and a detail "
        "drawer. Rows must stay readable at 40 px.",
    ),
    (
        "Invoice approval",
        2,
        "Build an approval queue for invoices: list on the left, document on the right, "
        "approve and "
        "reject with a comment.",
    ),
    (
        "Support inbox",
        2,
        "Support inbox for tickets: three columns, keyboard shortcuts, and the "
        "customer's history on "
        "the side.",
    ),
    (
        "Inventory by warehouse",
        2,
        "Inventory table per warehouse with low-stock warnings and a CSV export button.",
    ),
    (
        "User permissions matrix",
        2,
        "Show a matrix of users and permissions where admins can tick boxes; unsaved "
        "changes must be "
        "obvious.",
    ),
    (
        "Refund dialog",
        2,
        "Design a refund dialog: full or partial, a reason, and a warning when the order "
        "has already "
        "shipped.",
    ),
    ("Audit log viewer", 2, "Audit log viewer with filters by person, action and day."),
    (
        "Quick start guide",
        3,
        "Documentation quick start page: install, first request, what to read next. With copyable "
        "code blocks.",
    ),
    (
        "API reference layout",
        3,
        "Create a three-column layout for an API reference: navigation, text, examples that stick "
        "while scrolling.",
    ),
    (
        "Docs search dialog",
        3,
        "A search dialog for the docs with recent searches, grouped results and full keyboard "
        "support.",
    ),
    (
        "Webhook guide",
        3,
        "Write a guide page about webhooks with a sequence diagram, a payload table and "
        "a checklist.",
    ),
    ("Error pages", 3, "Design 404 and 500 pages for the developer docs. Calm, helpful, short."),
    (
        "Weekly KPI dashboard",
        4,
        "Make a dashboard with revenue, churn, active teams and response time, and a twelve-month "
        "chart of revenue.",
    ),
    (
        "Funnel report",
        4,
        "Sign-up funnel report: five steps, conversion between them, compare two weeks.",
    ),
    (
        "Cohort heat map",
        4,
        "Retention cohorts as a heat map with tooltips and a table for screen readers.",
    ),
    (
        "Cloud cost overview",
        4,
        "An overview of cloud costs per service: stacked chart, table with month over "
        "month, budget "
        "line.",
    ),
    (
        "Latency explorer",
        4,
        "A latency explorer: percentiles over time, filter by region, dark theme.",
    ),
    (
        "Sales leaderboard",
        4,
        "Sales leaderboard with avatars, sparkline and target. Purple accent.",
    ),
    (
        "Invoices for customers",
        5,
        "A page where customers see their invoices, download them and change the billing address.",
    ),
    (
        "Plan and usage",
        5,
        "Customer portal: current plan, usage against the limits as gauges, and an upgrade card.",
    ),
    ("Ticket form", 5, "A ticket form that suggests help articles while one types the subject."),
    (
        "Account settings",
        5,
        "Account settings with tabs: profile, security, notifications, danger zone.",
    ),
    (
        "Two-factor set-up",
        5,
        "Two-factor set-up in three steps with a QR code placeholder and recovery codes.",
    ),
    (
        "Team members",
        5,
        "Team members page: invite by e-mail, change roles, remove with a confirmation.",
    ),
    (
        "Button variants",
        6,
        "Show all our button variants in a grid: primary, plain, danger, with icons, loading, "
        "disabled.",
    ),
    (
        "Data table component",
        6,
        "A reusable data table component with sorting, selection and sticky header.",
    ),
    (
        "Date range picker",
        6,
        "Date range picker with presets like last 7 days; must work with the keyboard alone.",
    ),
    (
        "Colour tokens page",
        6,
        "A page that documents our colour tokens, light and dark side by side, with "
        "contrast values.",
    ),
    (
        "Toast notifications",
        6,
        "Toast notifications: four tones, stack of three, pause on hover, announced to screen "
        "readers.",
    ),
    (
        "Careers page",
        7,
        "Careers page with our values, open roles in a list and a photo strip of the team.",
    ),
    (
        "Interview planner",
        7,
        "An interview planner: candidates down, days across, drag to schedule.",
    ),
    (
        "Restaurant booking",
        None,
        "Build a booking page for a small restaurant: party size, date, time slots, confirmation.",
    ),
    (
        "Conference schedule",
        None,
        "Conference schedule with two tracks, favourites and a now-line. Blue.",
    ),
    ("Photo portfolio", None, "Portfolio for a photographer, big pictures, almost no text."),
    ("Habit tracker", None, "Habit tracker with a month grid, streaks and a friendly empty state."),
    (
        "Kanban for the office move",
        None,
        "A small kanban board for our office move: four columns, owners, due dates.",
    ),
    (
        "Onboarding checklist",
        5,
        "Onboarding checklist for new customers with progress, links and a celebratory finish.",
    ),
    (
        "Travel expenses",
        2,
        "Form for travel expenses: receipts, mileage, per diem, and a total that updates.",
    ),
    (
        "Status page",
        0,
        "Public status page: current state, ninety days of history as bars, past incidents.",
    ),
    ("Recipe cards", None, "Recipe cards for a baking course, printable, warm colours."),
    (
        "Quarterly roadmap",
        6,
        "Roadmap by quarter with swim lanes per team, confidence levels and a legend.",
    ),
    (
        "Feedback widget",
        5,
        "A feedback widget that opens from the corner, takes a screenshot, and thanks people.",
    ),
    ("Cookie notice", 0, "Cookie notice that is honest, small and has equal buttons."),
    (
        "Warehouse scanner",
        2,
        "Mobile page for warehouse staff: scan, confirm quantity, next. Huge touch targets.",
    ),
    (
        "Course catalogue",
        None,
        "Course catalogue with filters by level and topic, and a detail page with the schedule.",
    ),
    (
        "Investor update",
        None,
        "One-page investor update: four numbers, a chart, three paragraphs, asks at the end.",
    ),
    (
        "Event landing page",
        0,
        "Landing page for our open evening: date, place, programme, RSVP form.",
    ),
    (
        "Product tour",
        0,
        "A product tour page that walks through five steps with sticky screenshots.",
    ),
    (
        "Partner directory",
        0,
        "Partner directory with search, filter by country and cards with logos.",
    ),
)

FOLLOW_UPS = (
    "Looks good. Make the heading shorter and give the sections more air.",
    "Can you add a dark palette? Same layout, please.",
    "The cards are too heavy. Thinner borders and rounded corners.",
    "Add a FAQ at the bottom with the three questions support gets most.",
    "Please add testimonials between the features and the pricing.",
    "On a phone the table overflows. Let it scroll inside its own box.",
    "Add a chart with the last twelve months above the table.",
    "Put the key numbers at the top as four stats.",
    "The contact form needs a consent line and clearer error messages.",
    "Try a warmer colour, closer to our brand.",
    "Add a timeline that explains what happens after signing up.",
    "Use our real plan names: Starter, Team, Business.",
    "Legal asked for the price per person to be explicit. Can you add that?",
    "Focus states are hard to see. Make them obvious.",
    "Replace the placeholder text with something shorter and kinder.",
    "Can the primary action stay visible while scrolling?",
    "Go back to the blue, the green did not convince anybody.",
    "Add a table that compares the plans line by line.",
)

OUTSIDER = (
    ("Menu board", "Digital menu board for a bakery, updated from a price list."),
    ("Delivery slots", "Booking page for delivery slots with a calendar."),
    ("Loyalty card", "A loyalty card page with stamps and a progress bar."),
)
