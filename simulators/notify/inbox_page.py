"""The page on which texts, e-mails and letters can be seen. Flask escapes every value."""

from collections import defaultdict

from flask import render_template_string

from simulators.notify.messages import Message
from simulators.notify.replies import Replies
from simulators.notify.sending import EMAIL_SENDER, SMS_SENDER
from simulators.notify.templates import Channel

MOST_SHOWN = 200

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Inbox - GOV.UK Notify simulator</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem; color: #0b0c0c; background: #f3f2f1; }
.phones { display: flex; flex-wrap: wrap; gap: 2rem; }
.phone { width: 19rem; min-height: 32rem; padding: 1.5rem 1rem; border: .5rem solid #0b0c0c;
  border-radius: 2.5rem; background: #1d3557; color: #fff; }
.phone h3 { margin: 0 0 1.5rem; text-align: center; font-weight: 400; }
.text { margin-bottom: .75rem; padding: .6rem .8rem; border-radius: 1rem;
  background: #eef1f5; color: #0b0c0c; font-size: .9rem; }
.text p { margin: 0; overflow: hidden; overflow-wrap: anywhere; white-space: pre-line;
  display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 4; }
.meta { display: flex; justify-content: space-between; color: #454f59; font-size: .8rem; }
.reply { margin-left: 3rem; background: #cfe8d5; }
.phone form input[name=message] { width: 8rem; }
.paper { max-width: 42rem; margin-bottom: 1.5rem; padding: 1.5rem; background: #fff;
  border: 1px solid #b1b4b6; overflow-wrap: anywhere; }
.paper h3 { margin-top: .5rem; }
.words, address { white-space: pre-line; }
</style>
</head>
<body>
<h1>What people would have received</h1>
<p>A simulator of GOV.UK Notify: nothing here was sent to anyone. Newest first.
{% if is_shortened %}Only the last {{ most_shown }} are shown.{% endif %}</p>

<h2>Texts, on a locked phone</h2>
<div class="phones">
{% for number, texts in phones.items() %}
<section class="phone">
<h3>{{ number }}</h3>
{% for message in texts %}
<article class="text">
<div class="meta"><b>{{ sms_sender }}</b>
<span>{{ message.created_at.strftime("%H:%M") }} UTC, {{ message.status }}</span></div>
<p>{{ message.body }}</p>
</article>
{% endfor %}
{% for reply in replies.from_number(number[1:]) | reverse %}
<article class="text reply"><div class="meta"><b>Reply</b>
<span>{{ reply.received_at.strftime("%H:%M") }} UTC</span></div><p>{{ reply.message }}</p></article>
{% endfor %}
<form method="post" action="/_sim/replies">
<input type="hidden" name="from" value="{{ number }}">
<label>Answer <input name="message" maxlength="918" required></label> <button>Send</button>
</form>
</section>
{% else %}<p>None.</p>{% endfor %}
</div>

<h2>E-mails</h2>
{% for message in emails %}
<article class="paper">
<div class="meta"><span>From {{ email_sender }} to {{ message.recipient }}</span>
<span>{{ message.created_at.strftime("%d %B %Y, %H:%M") }} UTC, {{ message.status }}</span></div>
<h3>{{ message.subject }}</h3>
<div class="words">{{ message.body }}</div>
</article>
{% else %}<p>None.</p>{% endfor %}

<h2>Letters</h2>
{% for message in letters %}
<article class="paper">
<div class="meta"><span>{{ message.postage }} class,
<a href="/_inbox/{{ message.message_id }}.pdf">PDF</a></span>
<span>{{ message.created_at.strftime("%d %B %Y") }}, {{ message.status }}</span></div>
<address>{{ message.address_lines | join("\\n") }}</address>
<h3>{{ message.subject }}</h3>
<div class="words">{{ message.body }}</div>
</article>
{% else %}<p>None.</p>{% endfor %}
</body>
</html>
"""


def render(messages: list[Message], *, replies: Replies) -> str:
    """Show messages, which come oldest first, newest first; at most 200 of them."""
    newest_first = messages[: -MOST_SHOWN - 1 : -1]
    phones: defaultdict[str, list[Message]] = defaultdict(list)
    for message in newest_first:
        if message.channel is Channel.SMS:
            phones[f"+{message.normalised_recipient}"].append(message)
    return render_template_string(
        PAGE,
        phones=phones,
        replies=replies,
        emails=[message for message in newest_first if message.channel is Channel.EMAIL],
        letters=[message for message in newest_first if message.channel is Channel.LETTER],
        sms_sender=SMS_SENDER,
        email_sender=EMAIL_SENDER,
        most_shown=MOST_SHOWN,
        is_shortened=len(messages) > MOST_SHOWN,
    )
