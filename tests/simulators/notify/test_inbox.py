import requests

from simulators.notify.templates import EMAIL_TEMPLATE_ID, LETTER_TEMPLATE_ID, SMS_TEMPLATE_ID


def inbox(simulator_url, **query):
    return requests.get(f"{simulator_url}/_inbox.json", params=query, timeout=5).json()


def test_the_inbox_lists_what_people_would_have_received_newest_last(
    client, simulator_url, receiver, reference
):
    client.send_sms_notification("07700900123", SMS_TEMPLATE_ID, {"body": "First"}, reference)
    client.send_email_notification(
        "Ada@example.org", EMAIL_TEMPLATE_ID, {"subject": "s", "body": "Second"}, reference
    )
    receiver.wait_for(reference, count=2)

    first, second = inbox(simulator_url, reference=reference)

    assert first == {
        "channel": "sms",
        "to": "07700900123",
        "subject": None,
        "body": "First",
        "status": "delivered",
        "reference": reference,
        "created_at": first["created_at"],
        "address_lines": [],
        "one_click_unsubscribe_url": None,
    }
    assert (second["channel"], second["subject"], second["body"]) == ("email", "s", "Second")
    found = inbox(simulator_url, to="ada@EXAMPLE.org", reference=reference)
    assert [message["body"] for message in found] == ["Second"]


def test_a_letter_shows_its_address(client, simulator_url, reference):
    address = {
        "Address line 1": "Ada Moss",
        "address_line_2": "1 Mill Lane",
        "postcode": "ZZ99 3WZ",
    }
    client.send_letter_notification(
        LETTER_TEMPLATE_ID, {**address, "heading": "h", "body": "b"}, reference
    )

    [letter] = inbox(simulator_url, reference=reference)

    assert letter["address_lines"] == ["Ada Moss", "1 Mill Lane", "ZZ99 3WZ"]
    assert letter["to"] == "Ada Moss"
    assert inbox(simulator_url, to="ada moss", reference=reference) == [letter]


def test_html_in_a_name_is_shown_and_not_run(client, simulator_url, reference):
    name = "<script>alert('Ada')</script>"
    address = {
        "address_line_1": name,
        "address_line_2": "1 Mill Lane",
        "address_line_3": "ZZ99 3WZ",
    }
    client.send_sms_notification("07700900123", SMS_TEMPLATE_ID, {"body": name}, reference)
    client.send_email_notification(
        "ada@example.org", EMAIL_TEMPLATE_ID, {"subject": name, "body": name}, reference
    )
    client.send_letter_notification(
        LETTER_TEMPLATE_ID,
        {**address, "address_line_1": f"Ada {name}", "heading": name, "body": name},
        reference,
    )

    page = requests.get(f"{simulator_url}/_inbox", params={"reference": reference}, timeout=5)

    assert page.headers["Content-Type"].startswith("text/html")
    assert "<script" not in page.text
    assert page.text.count("&lt;script&gt;") == 6


def test_a_placeholder_in_a_value_stays_as_it_is(client):
    answer = client.send_sms_notification(
        "07700900123", SMS_TEMPLATE_ID, {"body": "((body)) and ((x??y))"}
    )

    assert answer["content"]["body"] == "((body)) and ((x??y))"
