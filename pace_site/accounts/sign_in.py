"""How people get in: accounts are made by an administrator, nobody signs up."""

from allauth.account.adapter import DefaultAccountAdapter


class ClosedSignUpAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        return False
