"""What is done about accounts: roles, 停用, names. Each is one transaction, and refuses what would lock people out.

`by` is who does it, a 主编 or 管理员; None is the operator at the server's command line.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from members.invitations.models import Invitation
from members.people import signing_in
from members.people.accounts import having_email, name_of
from members.people.refusals import PeopleRefused
from members.roles import ADMINISTRATOR, CHIEF, ROLES, chiefs, give_role, managers, may_manage_people
from members.signin import lockout
from members.signin.sessions import end_sessions
from members.tokens.models import Token
from members.trail import What, record


def change_role(person: User, role: str, *, by: User | None) -> User:
    """Gives somebody one role in place of another. Returns the account as it is then; raises PeopleRefused."""
    if role not in ROLES:
        raise PeopleRefused(f"没有“{role}”这个角色。请选{'、'.join(ROLES)}中的一个。")
    if role == ADMINISTRATOR and by is not None and not by.is_superuser:
        raise PeopleRefused("管理员只能由管理员来设。")
    with changing(person, by) as account:
        give_role(account, role)
        _end_what_no_manager_has(account)
    return account


def deactivate(person: User, *, by: User | None) -> User:
    """Keeps somebody out, at once and everywhere. What they wrote and did stays, with their name."""
    with changing(person, by) as account:
        account.is_active = False
        account.save(update_fields=["is_active"])
        end_sessions(account)
        Token.objects.filter(user=account).kept().update(revoked_at=timezone.now())
        _end_what_no_manager_has(account)
    return account


def activate(person: User, *, by: User | None) -> User:
    """Lets somebody in again who was kept out."""
    with changing(person, by) as account:
        account.is_active = True
        account.save(update_fields=["is_active"])
    return account


def describe(person: User, *, name: str, email: str, by: User | None) -> User:
    """Writes down what somebody is called and their address, which mails go to and they log in with."""
    name, email = name.strip(), email.strip().lower()
    if email:
        try:
            validate_email(email)
        except ValidationError:
            raise PeopleRefused(f"“{email}”不是完整的邮箱地址，没有保存。") from None
    with changing(person, by) as account:
        if email and having_email(email).exclude(pk=account.pk).exists():
            raise PeopleRefused(f"邮箱 {email} 已经是别人的，没有保存。")
        account.first_name, account.last_name = name, ""
        if account.username == account.email:  # made by an invitation
            account.username = email or account.username
        is_new, account.email = account.email != email, email
        account.save(update_fields=["first_name", "last_name", "username", "email"])
        if is_new:
            signing_in.note_address(account, is_verified=False)
    return account


def unlock(person: User, *, by: User | None) -> User:
    """Lets somebody try again who typed too many wrong passwords."""
    with changing(person, by) as account:
        lockout.unlock(account, by)
    return account


def reset_second_factor(person: User, *, by: User | None) -> int:
    """Takes away the second factors of somebody who lost them. Returns how many there were."""
    with changing(person, by) as account:
        count = signing_in.remove_second_factors(account)
        record(What.SECOND_FACTOR_REMOVED, by=by, target=account)
    return count


@contextmanager
def changing(person: User, by: User | None) -> Iterator[User]:
    """Gives the account to change, in a transaction that is undone if the last 主编, or who manages people, would go.

    One change of people at a time: of two 主编 who demote each other, the second is refused.
    """
    with transaction.atomic():
        Group.objects.select_for_update().get(name=CHIEF)
        account = User.objects.select_for_update().get(pk=person.pk)
        _demand(account, demand_manager(by))
        had_managers, had_chiefs = managers().exists(), chiefs().exists()
        yield account
        if had_chiefs and not chiefs().exists():
            raise PeopleRefused(
                f"{name_of(account)}是最后一位主编，没有改。请先请另一位来当主编，再改这一位。"
            )
        if had_managers and not managers().exists():
            raise PeopleRefused(
                f"{name_of(account)}是最后一位能管理人员的人，没有改。请先请另一位来当主编，再改这一位。"
            )


def demand_manager(by: User | None) -> User | None:
    """Returns `by` as they are now. Raises PeopleRefused when they may manage people no more."""
    if by is None:
        return None
    now = User.objects.get(pk=by.pk)
    if not may_manage_people(now):
        raise PeopleRefused("您的账号现在不能管理人员，没有改。请找主编。")
    return now


def _demand(account: User, by: User | None) -> None:
    if by is None:
        return
    if account == by:
        raise PeopleRefused("自己的账号和角色，请另一位主编来改。")
    if account.is_superuser and not by.is_superuser:
        raise PeopleRefused(f"{name_of(account)}是管理员，只有管理员能改这个账号。")


def _end_what_no_manager_has(account: User) -> None:
    """Takes back the invitations of who may invite no more: among them may be a link to come in again as 主编."""
    account = User.objects.get(pk=account.pk)  # which knows nothing yet of its rights
    if not may_manage_people(account):
        Invitation.objects.open().filter(invited_by=account).update(revoked_at=timezone.now())
