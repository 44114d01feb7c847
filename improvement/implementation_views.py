"""The page of an implementation: what keeps an adopted change in place once the test is over."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect

from improvement.actions.implementations import change_implementation
from improvement.cycle_views import OfOneTest
from improvement.editions import Collision
from improvement.models import Implementation
from improvement.next_steps import implementation_of
from improvement.test_of_change_forms import ImplementationForm


class ImplementationView(OfOneTest):
    """What keeps an adopted change in place: to be read by everybody, and written by who takes part."""

    keeps_what_was_typed = True

    @property
    def row(self) -> Implementation:
        row = implementation_of(self.test)
        if row is None:
            raise Http404("This test is not adopted.")
        return row

    def get(self, request, pk):
        row = self.row
        kept = request.take_kept_form() if self.may_write else None
        form = ImplementationForm(kept, by=request.user, row=row) if self.may_write else None
        if kept is not None:
            form.is_valid()
        return self.page(form, kept=kept is not None)

    def post(self, request, pk):
        row = self.row
        self.check_part()
        form = ImplementationForm(request.POST, by=request.user, row=row)
        if not form.is_valid():
            return self.page(form)
        try:
            change_implementation(row, form.said, edition=form.cleaned_data["edition"], by=request.user)
        except Collision as collision:
            return self.collided(form, collision.current)
        except ValidationError as error:
            form.refuse(error)
            return self.page(form)
        messages.info(request, "The record is kept.")
        return redirect(row)

    def collided(self, form, current: Implementation):
        differing = form.beside({name: getattr(current, name) for name in form.said}, form.said)
        form.send_again_over(current)
        return self.page(form, collided=True, differences=differing)

    def page(self, form, **context):
        return self.show("implementation.html", row=self.row, form=form, **context)
