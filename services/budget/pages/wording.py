"""Every word that a printed document says, to be read and changed in one place.

The person's words come first. They are meant for a reading age of about nine to eleven: short
sentences, everyday words, who does what, and no minus signs, which some screen readers skip.
``tests/unit/budget/test_wording.py`` counts syllables and words. The words for funders and
auditors are those of the books.
"""

from services.budget.funders.rules import FunderKind

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
ON_ONE_DAY = "on {first}"
FROM_TO = "from {first} to {last}"
MINUS = "minus {amount}"
NUMBER_OF_BUDGET = "Budget {budget_id}"
ALL_BUDGETS = "All budgets"
FOOT = "{about}. Counted to {as_of}. Known at {known_at}. {schema}"

# For the person
PERSON_TITLE = "Your budget statement"
PERSON_OPENING = (
    "This is about the money for your care and support {period}.",
    "It counts all we knew about up to {as_of}.",
)
GLANCE = "Your money at a glance"
GLANCE_COLUMNS = ("What", "Amount")
AT_THE_START = "In your budget at the start"
CAME_IN = "Came in"
WAS_SPENT = "Was spent"
AT_THE_END = "In your budget at the end"
SET_ASIDE = "Set aside"
TO_COME_FROM_YOU = "To come from you"
LEFT = "Left for you to spend"
TOO_MUCH = (
    "We paid out {amount} more than there was.",
    "We will talk to you about this.",
    "Your care goes on.",
)
MONEY_IN = "Money that came in"
MONEY_IN_COLUMNS = ("Who paid", "Amount")
NO_MONEY_IN = "No money came in."
MONEY_IN_NOTE = "It counts what we were promised, too. You can spend that as well."
WHO_PAID = {
    FunderKind.NHS: "The NHS: {name}",
    FunderKind.COUNCIL: "Your council: {name}",
    FunderKind.PERSON: "You",
}
SPENT = "What the money was spent on"
SPENT_NOTE = "Money that is set aside is kept for things you asked for. It is not spent yet."
SPENT_COLUMNS = ("For what", "Your goal", "Spent", "Set aside")
SPENT_COLUMNS_WITHOUT_GOALS = ("For what", "Spent", "Set aside")
NOTHING_SPENT = "No money was spent."
COMING = "What is coming"
COMING_COLUMNS = ("When", "What", "In or out", "Amount")
NO_DAY = "No day is set"
NOTHING_COMING = "We do not know of anything yet."
MONEY_FROM = {
    FunderKind.NHS: "Money from the NHS: {name}",
    FunderKind.COUNCIL: "Money from your council: {name}",
    FunderKind.PERSON: "What you pay yourself",
}
COMES_IN = "Comes in"
GOES_OUT = "Goes out"
OWN = "What you pay yourself"
OWN_NOTHING = ("You do not have to pay for your care yourself.",)
OWN_SO_FAR = ("We have asked you to pay {asked} so far.", "You have paid {paid}.")
OWN_ALL_PAID = ("You have paid all we asked for.",)
OWN_DUE = (
    "You still have {due} to pay.",
    "Your care goes on. We will not stop your care because of this.",
    "If it is hard for you to pay, call your care coordinator.",
)
OWN_AHEAD = ("That is {ahead} more than we asked for.", "Your care coordinator can tell you why.")
WRONG = "If something looks wrong"
WHAT_TO_DO = (
    "Call your care coordinator if something looks wrong.",
    "You can also ask them to read this to you.",
    "You can ask for it in big print or in another language.",
)
PERSON_LETTERS_MISSING = (
    "We could not print some letters. Each is shown as a number, like [U+5F20]. "
    "Your care coordinator can tell you what it says."
)

# For a funder
FUNDER_TITLE = {
    FunderKind.NHS: "Statement for the NHS: {name}",
    FunderKind.COUNCIL: "Statement for the council: {name}",
    FunderKind.PERSON: "Statement of the person's own money",
}
FUNDER_NAME = {
    FunderKind.NHS: "NHS: {name}",
    FunderKind.COUNCIL: "Council: {name}",
    FunderKind.PERSON: "Person",
}
BOOKS_OPENING = ("{about}, {period}.", "As of {as_of}, as recorded until {known_at}.")
SUMMARY = "Summary"
SUMMARY_NOTE = "Balances are what came in less what was spent."
OPENING_BALANCE = "Opening balance, {first}"
PAID_IN = "Paid in"
CHARGED = "Paid by the person"
SPENT_NET = "Spent, less refunds"
OTHERWISE = "Corrections, moves and repayments"
CLOSING_BALANCE = "Closing balance, {last}"
OVERSPENT = "Overspent"
HELD = "Held for purchases"
LEFT_TO_SPEND = "Left to spend"
PROMISED = "Promised and not paid in"
CHARGE_DUE = "Due from the person"
BY_ITEM = "Spent by item"
BY_ITEM_COLUMNS = ("Item", "Spent")
NO_ITEMS = "Nothing was spent."
DUES = "Due between funders"
DUES_COLUMNS = ("Funder", "Due to it", "Due from it")
NO_DUES = "Nothing is due."
JOURNALS = "Journals"
JOURNAL_COLUMNS = ("No.", "Counts on", "Happened on", "Kind", "Reason", "Amount", "Balance")
OPENING_LINE = "Opening balance"
BUDGET_COLUMN = "Budget"

# For the auditor
AUDITOR_TITLE = "Statement for the auditor"
TRIAL_BALANCE = "Trial balance"
TRIAL_BALANCE_NOTE = "Balances are credits less debits; those of each funder add up to nothing."
TRIAL_BALANCE_COLUMNS = ("Funder", "Account", "Opening", "Debits", "Credits", "Closing")
NO_ACCOUNTS = "There are no accounts."
AUDITED_COLUMNS = (
    *("No.", "Recorded at", "Counts on", "Happened on", "Kind", "By", "Reason"),
    *("More", "Seal"),
)
NO_JOURNALS = "There are no journals."
NOT_SEALED = "none yet"
IDS = "Ids of the journals"
IDS_COLUMNS = ("No.", "Journal", "Budget", "Source")
POSTINGS = "Postings"
POSTING_COLUMNS = ("No.", "Line", "Funder", "Debit", "Credit", "Amount")
NO_POSTINGS = "There are no postings."
SEALS = "Seals"
SEAL_COLUMNS = ("Seal", "Hash")
NO_SEALS = "None of these journals is sealed yet."
BOOKS_LETTERS_MISSING = (
    "Letters that the font lacks are shown by their Unicode number, like [U+5F20]. "
    "The JSON and CSV forms hold them."
)
