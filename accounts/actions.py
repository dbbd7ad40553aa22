"""What the beheerder does: let people in, change today's rules and the reference tables, set work going again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from accounts import feeds, identity, rules, verbs
from accounts.audit import By, record
from accounts.models import Absence, CalendarFeed, LawSetting, Membership, Organisation, Region, Role, SavedFilter, User
from accounts.verbs import Verb
from topjob import clock, outbox
from topjob.errors import Reason, Refused
from topjob.models import OutboxMessage
from topjob.undo import undoing

# Asked after somebody's capacities changed: the apps above let what is in that person's name follow.
CAPACITY_WATCHERS: list[Callable[[User], None]] = []


@dataclass(frozen=True)
class Capacity:
    """A role with where it holds: a region for staff, an organisation for who represents one."""

    role: str
    region: Region | None = None
    organisation: Organisation | None = None


# --- people ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_user(
    *, name: str, email: str, capacities: Iterable[Capacity], by: By, phone: str = "", password: str | None = None
) -> User:
    """Make an account with its capacities; without a password nobody can log in with it yet."""
    user = User.objects.create_user(email=email, name=name, password=password)
    if phone:
        user.phone = phone
        user.save(update_fields=["phone"])
    record(verbs.USER_ADDED, user, by=by)
    for capacity in capacities:
        add_membership(user, capacity, by=by)
    return user


@transaction.atomic
def invite_user(*, name: str, email: str, capacities: Iterable[Capacity], by: By, phone: str = "") -> User:
    """Make an account and mail the person a link to choose a password."""
    user = add_user(name=name, email=email, phone=phone, capacities=capacities, by=by)
    send_invitation(user, by=by)
    return user


@transaction.atomic
def send_invitation(user: User, *, by: By) -> OutboxMessage:
    """Mail a link to choose a password; asked again within the same minute it is the same mail (I2)."""
    record(verbs.INVITATION_SENT, user, by=by)
    minute = clock.now().strftime("%Y%m%d%H%M")
    return outbox.enqueue("accounts.invitation", key=f"invitation-{user.pk}-{minute}", user=user.pk)


@transaction.atomic
def update_user(user: User, *, by: By) -> User:
    """Save changed name, address or phone. A new address opens the account at once, the old one nothing any more.

    Who was logged in, or about to, with the old address begins anew with the new one.
    """
    old = User.objects.select_for_update().get(pk=user.pk).email
    user.email = user.email.lower()
    user.save(update_fields=["name", "email", "phone"])
    record(verbs.USER_CHANGED, user, by=by)
    if user.email != old:
        record(verbs.EMAIL_CHANGED, user, by=by)
        identity.changed_by_beheer(user, old)
        user.end_sessions()
        send_invitation(user, by=by)
    return user


@transaction.atomic
def update_profile(user: User, *, by: User) -> User:
    """Save one's own name and phone."""
    user.save(update_fields=["name", "phone"])
    record(verbs.OWN_DATA_CHANGED, user, by=by)
    return user


@transaction.atomic
def add_membership(user: User, capacity: Capacity, *, by: By) -> Membership:
    """Give a person a role in a region or for an organisation."""
    try:
        with transaction.atomic():
            membership = Membership.objects.create(
                user=user, role=capacity.role, region=capacity.region, organisation=capacity.organisation
            )
    except IntegrityError as error:
        raise Refused(_("Deze persoon heeft deze rol hier al, of de regio of organisatie ontbreekt.")) from error
    _capacities_changed(user)
    details: dict[str, Any] = {"region": membership.region_id, "organisation": membership.organisation_id}
    record(verbs.ROLE_GIVEN, user, by=by, role=membership.role, **details)
    return membership


@transaction.atomic
def remove_membership(membership: Membership, *, by: By) -> None:
    """Take a role away; the last beheerder keeps theirs."""
    user = membership.user
    _keep_a_beheerder(lambda: rules.may_lose(membership))
    details: dict[str, Any] = {"region": membership.region_id, "organisation": membership.organisation_id}
    record(verbs.ROLE_WITHDRAWN, user, by=by, role=membership.role, **details)
    membership.delete()
    _capacities_changed(user)


@transaction.atomic
def deactivate_user(user: User, *, by: By) -> None:
    """Shut somebody out at once; what they did stays in the log."""
    _keep_a_beheerder(lambda: rules.may_leave(user))
    user.is_active = False
    user.save(update_fields=["is_active"])
    record(verbs.USER_DEACTIVATED, user, by=by)
    _capacities_changed(user)


@transaction.atomic
def reactivate_user(user: User, *, by: By) -> None:
    user.is_active = True
    user.save(update_fields=["is_active"])
    record(verbs.USER_REACTIVATED, user, by=by)
    _capacities_changed(user)


def _keep_a_beheerder(asked: Callable[[], Reason | None]) -> None:
    """Asked under a lock, so that two people can't remove each other."""
    list(Membership.objects.filter(role=Role.BEHEERDER).select_for_update().order_by("pk"))
    if reason := asked():
        raise Refused(reason, title=_("Er moet een beheerder blijven"))


def _capacities_changed(user: User) -> None:
    """The roles are read once per request; after a change they are read again, and what is in the person's name follows.

    Sessions end: what somebody sees from now on begins with logging in.
    """
    user.__dict__.pop("membership_list", None)
    user.end_sessions()
    for follow in CAPACITY_WATCHERS:
        follow(user)


# --- absence --------------------------------------------------------------------------------------------------------


@transaction.atomic
def save_filter(saved: SavedFilter, *, page: str, query: str, by: User) -> SavedFilter:
    """Keep a filter under a name, for oneself or for the colleagues it is shared with."""
    saved.owner, saved.page, saved.query, saved.created_at = by, page, query, clock.now()
    saved.save(force_insert=True)
    record(verbs.FILTER_SAVED, saved, by=by, page=page, role=saved.role)
    return saved


@transaction.atomic
def change_filter(saved: SavedFilter, *, by: User) -> None:
    """Another name, or other readers."""
    saved.save(update_fields=["name", "role", "region"])
    record(verbs.FILTER_CHANGED, saved, by=by, page=saved.page, role=saved.role)


@transaction.atomic
def remove_filter(saved: SavedFilter, *, by: User) -> dict[str, Any]:
    """Take it away for everybody; what it held is given back, to put it back with."""
    record(verbs.FILTER_REMOVED, saved, by=by, page=saved.page, role=saved.role)
    saved.delete()
    return {name: getattr(saved, name) for name in ("page", "name", "query", "role", "region_id")}


@undoing("saved_filter")
def restore_filter(*, by: User, page: str, query: str, **kept: Any) -> str:
    """Put back a filter that was taken away a moment ago."""
    if SavedFilter.objects.filter(owner=by, page=page, name=kept["name"]).exists():
        raise Refused(_("Er is intussen een ander filter met deze naam."))
    save_filter(SavedFilter(**kept), page=page, query=query, by=by)
    return _("Het filter staat weer boven de lijst.")


@transaction.atomic
def add_absence(absence: Absence, *, by: User) -> Absence:
    """A colleague covers for another, in one role and region, from one day until another; it ends by its date alone."""
    absence.created_by, absence.created_at = by, clock.now()
    if refusal := rules.may_cover(absence):
        raise Refused(refusal, title=_("Waarneming"))
    try:
        with transaction.atomic():
            absence.save(force_insert=True)
    except IntegrityError as error:
        raise Refused(
            _("In deze periode is de waarneming voor deze rol al geregeld."), title=_("Waarneming")
        ) from error
    _record_absence(verbs.COVER_ARRANGED, absence, by)
    outbox.enqueue("accounts.cover", key=f"cover-{absence.pk}", absence=absence.pk)
    return absence


@transaction.atomic
def end_absence(absence: Absence, *, by: User) -> None:
    """The colleague is back before the time: from today on the work is theirs again."""
    today = clock.today()
    if absence.ends_on < today:
        raise Refused(_("Deze waarneming is al voorbij."), title=_("Waarneming"))
    _record_absence(verbs.COVER_ENDED, absence, by)
    if absence.starts_on >= today:
        absence.delete()
        return
    absence.ends_on = today - timedelta(days=1)
    absence.save(update_fields=["ends_on"])


def _record_absence(verb: Verb, absence: Absence, by: User) -> None:
    days: dict[str, Any] = {"starts_on": absence.starts_on.isoformat(), "ends_on": absence.ends_on.isoformat()}
    record(verb, absence.person, by=by, role=absence.role, region=absence.region_id, cover=absence.cover_id, **days)


# --- the rules of today ---------------------------------------------------------------------------------------------


@transaction.atomic
def add_law_value(setting: LawSetting, *, by: By) -> LawSetting:
    """A rule changes: a new row from a day on. What held before stays as it was."""
    if setting.valid_from < clock.today():
        raise Refused(_("Een waarde kan niet in het verleden ingaan: eerdere besluiten blijven staan."))
    setting.save(force_insert=True)
    record(
        verbs.SETTING_ADDED,
        setting,
        by=by,
        key=setting.key,
        value=setting.value,
        valid_from=setting.valid_from.isoformat(),
        client=setting.client_id,
    )
    return setting


@transaction.atomic
def withdraw_law_value(setting: LawSetting, *, by: By, today: date | None = None) -> None:
    """Take back a value that doesn't hold yet."""
    if setting.valid_from <= (today or clock.today()):
        raise Refused(_("Deze waarde geldt al en blijft staan. Voeg een nieuwe waarde toe."))
    record(
        verbs.SETTING_WITHDRAWN,
        setting,
        by=by,
        key=setting.key,
        value=setting.value,
        valid_from=setting.valid_from.isoformat(),
        client=setting.client_id,
    )
    setting.delete()


# --- reference tables -----------------------------------------------------------------------------------------------


@transaction.atomic
def save_reference_row(row: models.Model, *, by: By, **many: Iterable[models.Model]) -> models.Model:
    """Add or change a row of a reference table."""
    verb = verbs.CHOICE_ADDED if row._state.adding else verbs.CHOICE_CHANGED
    row.save()
    for name, rows in many.items():
        getattr(row, name).set(rows)
    record(verb, row, by=by)
    return row


@transaction.atomic
def remove_reference_row(row: models.Model, *, by: By) -> None:
    """Remove a row that no file refers to (only tables that say so)."""
    record(verbs.CHOICE_REMOVED, row, by=by)
    row.delete()


# --- one's own calendar ---------------------------------------------------------------------------------------------


@transaction.atomic
def renew_feed(*, by: User) -> str:
    """Make somebody's calendar feed, or give it a new address; answers the secret, which is stored nowhere."""
    token = feeds.new_token()
    facts = {"token_hash": feeds.token_hash(token), "created_at": clock.now()}
    feed, _created = CalendarFeed.objects.update_or_create(user=by, defaults=facts)
    record(verbs.FEED_RENEWED, feed, by=by)
    return token


@transaction.atomic
def revoke_feed(*, by: User) -> None:
    """Take somebody's calendar feed away; the address opens nothing any more."""
    feed = CalendarFeed.objects.filter(user=by).first()
    if feed is None:
        raise Refused(_("De agenda staat al uit."))
    record(verbs.FEED_REVOKED, feed, by=by)
    feed.delete()


# --- work that follows ----------------------------------------------------------------------------------------------


@transaction.atomic
def requeue_message(message: OutboxMessage, *, by: By) -> None:
    """Let given-up or uncertain work be tried again."""
    locked = OutboxMessage.objects.select_for_update().get(pk=message.pk)
    if locked.outcome not in rules.NEEDS_ATTENTION:
        raise Refused(_("Dit werk is gedaan of staat nog te wachten; opnieuw proberen is niet nodig."))
    locked.done_at = None
    outbox.requeue(locked)
    record(verbs.WORK_REQUEUED, locked, by=by, handler=locked.handler)


@transaction.atomic
def requeue_given_up(*, by: By) -> int:
    """Let all work that was given up be tried again, once its common cause is gone; answers how much that was."""
    dead = OutboxMessage.objects.filter(outcome=OutboxMessage.Outcome.DEAD).select_for_update(skip_locked=True)
    found = list(dead.order_by("pk"))
    for message in found:
        requeue_message(message, by=by)
    return len(found)


@transaction.atomic
def ask_check(*, by: User) -> None:
    """Ask the worker to look at the whole now, instead of tonight."""
    from accounts.tasks import verify_everything

    record(verbs.CHECK_ASKED, by, by=by)
    try:
        verify_everything.apply_async(retry=False)
    except Exception as error:  # whatever the broker's library raises when it is away: the night comes anyway
        raise Refused(_("De wachtrij is nu niet bereikbaar. Vannacht wordt vanzelf gecontroleerd.")) from error


def record_read(verb: Verb, user: User, **details: Any) -> None:
    """Log that somebody read something as a whole, such as an export of the log."""
    record(verb, user, by=user, **details)
