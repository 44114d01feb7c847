"""The feed knows tokens and no sessions: cookies are neither read nor set there."""

PREFIX = "/feed/"


class CookielessFeedMiddleware:
    """Takes the cookies off a request to the feed. Stands before sessions are looked for."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path_info.startswith(PREFIX):
            request.COOKIES = {}
        return self.get_response(request)
