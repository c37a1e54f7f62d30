"""Who was paid: Stripe's ``merchant_data``."""

from simulators.card_issuer.errors import StripeError
from simulators.card_issuer.forms import Form
from simulators.card_issuer.store import Wire

# Stripe's category and the merchant category code of ISO 18245. Others: send both.
CATEGORY_CODES = {
    "artists_supply_and_craft_shops": "5970",
    "automated_cash_disburse": "6011",
    "betting_casino_gambling": "7995",
    "book_stores": "5942",
    "chiropractors": "8041",
    "cigar_stores_and_stands": "5993",
    "commuter_transport_and_ferries": "4111",
    "computer_software_stores": "5734",
    "dance_hall_studios_schools": "7911",
    "drinking_places": "5813",
    "drug_stores_and_pharmacies": "5912",
    "eating_places_restaurants": "5812",
    "educational_services": "8299",
    "electronics_stores": "5732",
    "grocery_stores_supermarkets": "5411",
    "health_and_beauty_spas": "7298",
    "hearing_aids_sales_and_supplies": "5975",
    "hospitals": "8062",
    "household_appliance_stores": "5722",
    "massage_parlors": "7297",
    "medical_services": "8099",
    "miscellaneous_recreation_services": "7999",
    "miscellaneous_specialty_retail": "5999",
    "music_stores_musical_instruments_pianos_and_sheet_music": "5733",
    "non_fi_money_orders": "6051",
    "non_fi_stored_value_card_purchase_load": "6540",
    "nursing_personal_care": "8050",
    "orthopedic_goods_prosthetic_devices": "5976",
    "package_stores_beer_wine_and_liquor": "5921",
    "passenger_railways": "4112",
    "sporting_goods_stores": "5941",
    "taxicabs_limousines": "4121",
    "wires_money_orders": "4829",
}
CATEGORIES = {code: category for category, code in CATEGORY_CODES.items()}
GIVEN = (
    "category",
    "category_code",
    "name",
    "city",
    "country",
    "postal_code",
    "state",
    "network_id",
    "terminal_id",
    "url",
)


def merchant_data(form: Form) -> Wire:
    """Read ``merchant_data``; a category without a code, or a code alone, is looked up.

    Raises:
        StripeError: a field that we do not know, or a category whose code we do not know.
    """
    given = form.inside("merchant_data")
    for name in given:
        if name not in GIVEN:
            raise StripeError(
                f"Received unknown parameter: merchant_data[{name}]",
                param=f"merchant_data[{name}]",
                code="parameter_unknown",
            )
    merchant: Wire = {name: given.get(name) for name in GIVEN}
    default = "miscellaneous_specialty_retail"
    merchant["category"] = given.get("category") or CATEGORIES.get(
        given.get("category_code", ""), default
    )
    merchant["category_code"] = given.get("category_code") or CATEGORY_CODES.get(
        merchant["category"]
    )
    if merchant["category_code"] is None:
        raise StripeError(
            "This simulator does not know the code of this category: send category_code too.",
            param="merchant_data[category_code]",
        )
    return {
        **merchant,
        "name": given.get("name", "Test merchant"),
        "country": given.get("country", "GB"),
        "network_id": given.get("network_id", "1234567890"),
        "tax_id": None,
    }
