"""The issuer's names for merchant category codes (ISO 18245), of those that we exclude.

The issuer locks a card by name, and has none for some codes; we decide by the code itself. Its own
lists stand in for us when it cannot ask us. Spelled as Stripe spells them.
"""

NAMES = {
    "4119": "ambulance_services",
    "4829": "wires_money_orders",
    "5813": "drinking_places",
    "5921": "package_stores_beer_wine_and_liquor",
    "5933": "pawn_shops",
    "5993": "cigar_stores_and_stands",
    "6010": "manual_cash_disburse",
    "6011": "automated_cash_disburse",
    "6051": "non_fi_money_orders",
    "6540": "non_fi_stored_value_card_purchase_load",
    "7273": "dating_escort_services",
    "7297": "massage_parlors",
    "7298": "health_and_beauty_spas",
    "7800": "government_owned_lotteries_non_us_region",
    "7801": "government_licensed_online_casions_online_gambling_us_region_only",
    "7802": "government_licensed_horse_dog_racing_us_region_only",
    "7995": "betting_casino_gambling",
    "8011": "doctors",
    "8021": "dentists_orthodontists",
    "8062": "hospitals",
    "9222": "fines_government_administrative_entities",
    "9223": "bail_and_bond_payments",
}
