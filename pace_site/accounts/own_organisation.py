"""What lies inside a person's own organisation: the narrowest answer for rows that hang on no child."""

from django.db import models


class OwnOrganisationQuerySet(models.QuerySet):
    """A queryset that starts from the person's organisation. `organisation_path` leads there."""

    organisation_path = "organisation"

    def visible_to(self, user):
        """Rows of the person's own organisation; whether their role may see them at all is for `permissions.py`."""
        if not user.is_authenticated or not user.is_active or user.organisation_id is None:
            return self.none()
        return self.filter(**{self.organisation_path: user.organisation_id})


class OrganisationQuerySet(OwnOrganisationQuerySet):
    organisation_path = "pk"


class MembershipQuerySet(OwnOrganisationQuerySet):
    organisation_path = "user__organisation"
