"""The room's models, each in the module of its subject; Django looks for them here."""

from members.alerts.models import Alert, Channel, Delivery, Subscription
from members.following.models import Arrival, Follow
from members.invitations.models import Invitation
from members.people.models import LastSeen
from members.signin.models import FailedLogIn
from members.tokens.models import Token
from members.trail.models import Event

__all__ = [
    "Alert",
    "Arrival",
    "Channel",
    "Delivery",
    "Event",
    "FailedLogIn",
    "Follow",
    "Invitation",
    "LastSeen",
    "Subscription",
    "Token",
]
