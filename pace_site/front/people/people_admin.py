"""The admin pages of an organisation, its teams and its people, and of how each of them signs in."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html

from pace_site.accounts.belonging import belonging_of
from pace_site.accounts.models import SET_UP_DAYS, Organisation, RoleMembership, Team, User
from pace_site.accounts.permissions import Permission
from pace_site.accounts.second_factor import roles_need_second_factor
from pace_site.audit.audited_admin import AuditedAdmin, AuditedInline, PermittedAdmin
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record
from pace_site.front.people.actions import change_roles
from pace_site.front.people.people_forms import (
    MembershipForm,
    MembershipFormSet,
    NewPersonForm,
    PersonForm,
    ReasonForm,
    TeamForm,
)
from pace_site.front.signing_in.actions import (
    end_sessions,
    let_try_again,
    open_set_up,
    reset_second_factor,
    sign_out_everywhere,
)
from pace_site.front.signing_in.lockout import failures_of
from pace_site.front.signing_in.sign_in_trail import FACTORS
from pace_site.front.signing_in.telling import tell_person

# By button of the page of how somebody signs in: what is done, and what is said then.
SIGN_IN_ACTIONS = {
    "reset": (
        reset_second_factor,
        "{person} has no second step any more, signs in by the password and has {days} days to set up a new one.",
    ),
    "open": (open_set_up, "{person} has {days} days to set up a second step."),
    "try_again": (let_try_again, "The failures of {person} are forgotten: they may try to sign in again."),
    "sign_out": (sign_out_everywhere, "Every session of {person} has ended."),
}


@admin.register(Organisation)
class OrganisationAdmin(AuditedAdmin):
    """The person's own organisation: its name, how small a count may leave it, and how long it keeps records.

    Codes are official, and the demo mark is set by the demo.
    """

    needs = Permission.MANAGE_PEOPLE
    list_display = ["name", "code", "kind", "fictional"]
    fields = [
        "name",
        "smallest_count_shown",
        "retention_years",
        "second_step_for_everybody",
        "code",
        "kind",
        "fictional",
    ]
    readonly_fields = ["second_step_for_everybody", "code", "kind", "fictional"]

    def has_add_permission(self, request, obj=None):
        return False


@admin.register(Team)
class TeamAdmin(AuditedAdmin):
    needs = Permission.MANAGE_PEOPLE
    list_display = ["name"]
    form = TeamForm

    def save_model(self, request, obj, form, change):
        obj.organisation = request.user.organisation
        super().save_model(request, obj, form, change)


class MembershipInline(AuditedInline):
    needs = Permission.MANAGE_PEOPLE
    model = RoleMembership
    form = MembershipForm
    formset = MembershipFormSet
    verbose_name = "role"
    verbose_name_plural = "roles"

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Only the choice of a team: teams are made and renamed on pages of their own."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "team":
            field.widget = field.widget.widget
        return field


@admin.register(User)
class PersonAdmin(AuditedAdmin, UserAdmin):
    """People of the administrator's own organisation. Nobody is deleted: the trail and the records name them."""

    needs = Permission.MANAGE_PEOPLE
    form = PersonForm
    add_form = NewPersonForm
    list_display = ["email", "last_name", "first_name", "is_active", "roles"]
    list_filter = ["is_active"]
    search_fields = ["email", "last_name", "first_name"]
    ordering = ["last_name", "first_name", "email"]
    filter_horizontal = []
    readonly_fields = ["new_password", "sign_in", "last_login"]
    fieldsets = [
        (None, {"fields": ["email", "first_name", "last_name", "is_active", "new_password", "sign_in", "last_login"]})
    ]
    add_fieldsets = [(None, {"fields": ["email", "first_name", "last_name", "password1", "password2"]})]
    inlines = [MembershipInline]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("memberships__team")

    @admin.display(description="roles")
    def roles(self, person: User) -> str:
        return ", ".join(
            f"{held.get_role_display()} ({held.team})" if held.team else held.get_role_display()
            for held in person.memberships.all()
        )

    @admin.display(description="password")
    def new_password(self, _person: User) -> str:
        return format_html('<a href="{}">Set a new password</a>', "../password/")

    @admin.display(description="second step and sessions")
    def sign_in(self, _person: User) -> str:
        return format_html('<a href="{}">See, reset or sign out everywhere</a>', "../sign-in/")

    @transaction.atomic
    def save_model(self, request, obj, form, change):
        obj.organisation = request.user.organisation
        super().save_model(request, obj, form, change)
        if "is_active" in form.changed_data:
            # Opened again, the account does not bring back the sessions from before.
            end_sessions(obj)
        if change and "email" in form.changed_data:
            what = "Your account of the PACE tracker has another e-mail address now; this one signs in nobody any more."
            tell_person(obj, what, by_administrator=True, address=form.initial["email"])

    def save_formset(self, request, form, formset, change):
        """A role that was changed to another is one taken and one given."""
        formset.save(commit=False)
        changed = [row for row, _fields in formset.changed_objects]
        given = [RoleMembership(user=row.user, role=row.role, team=row.team) for row in changed]
        stored = RoleMembership.objects.visible_to(request.user).filter(pk__in=[row.pk for row in changed])
        taken = [*formset.deleted_objects, *stored]
        change_roles(form.instance, given=[*formset.new_objects, *given], taken=taken, by=request.user)
        self.warn_of_closed_set_up(request, form.instance)

    def warn_of_closed_set_up(self, request, person: User) -> None:
        """Say at once that somebody's roles ask for a second step which they cannot set up."""
        belonging = belonging_of(person)
        asked = belonging.all_by_two_steps or roles_need_second_factor(role for role, _team in belonging.roles)
        if asked and person.set_up_until < timezone.now() and not person.authenticator_set.exists():
            words = f"{person} must take a second step and cannot set one up: open it under “second step and sessions”."
            self.message_user(request, words, messages.WARNING)

    def get_urls(self):
        page = path("<id>/sign-in/", self.admin_site.admin_view(self.sign_in_view), name="accounts_user_sign_in")
        return [page, *super().get_urls()]

    def sign_in_view(self, request, id):
        """How a person signs in, without any secret; what an administrator may end or take away."""
        person = self.get_object(request, unquote(id))
        if not self.has_change_permission(request, person):
            raise PermissionDenied
        what = request.POST.get("what", "")
        form = ReasonForm(request.POST or None)
        if request.method == "POST" and what in SIGN_IN_ACTIONS and form.is_valid():
            act, told = SIGN_IN_ACTIONS[what]
            try:
                act(person, reason=form.cleaned_data["reason"], by=request.user)
            except ValidationError as error:
                form.add_error("reason", error.messages)
            else:
                self.message_user(request, told.format(person=person, days=SET_UP_DAYS))
                return redirect("admin:accounts_user_change", person.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": f"How {person} signs in",
            "person": person,
            "factors": [(FACTORS[factor.type], factor) for factor in person.authenticator_set.order_by("created_at")],
            "set_up_open": person.set_up_until > timezone.now(),
            "failures": failures_of(person),
            "is_oneself": person.pk == request.user.pk,
            "form": form,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/person_sign_in.html", context)

    @transaction.atomic
    def user_change_password(self, request, id, form_url=""):
        return super().user_change_password(request, id, form_url)

    def log_change(self, request, obj, message):
        """Say in the trail that a password was set; every other change has said so itself."""
        if request.resolver_match.url_name == "auth_user_password_change":
            record(
                AuditEntry.Action.CHANGE,
                authority=request.user.organisation,
                record_type=self.model._meta.model_name,
                record_id=obj.pk,
                by=request.user,
                after={"password": "set anew"},  # nosec B105 # says that, not which
            )
            tell_person(obj, "A new password was set for your account of the PACE tracker.", by_administrator=True)


@admin.register(RoleMembership)
class RoleMembershipAdmin(PermittedAdmin):
    """Who holds which role; roles are given and taken on the person's own page."""

    needs = Permission.MANAGE_PEOPLE
    list_display = ["user", "role", "team"]
    list_filter = ["role"]
    list_select_related = ["user", "team"]
