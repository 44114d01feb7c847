"""Begin the tour, go on with it, leave it; a POST each time, as the session remembers it."""

from django.shortcuts import redirect
from django.views.generic import View

from pace_site.front.tour.touring import ANSWERED, STOP, tour_of
from pace_site.look.asked import whole_number


class TourView(View):
    http_method_names = ["post"]

    def post(self, request):
        stops = tour_of(request.user)
        number = whole_number(request.POST.get("go", "")) or 0
        request.session[ANSWERED] = True
        if 0 < number <= len(stops):
            request.session[STOP] = number
            return redirect(stops[number - 1].href)
        request.session.pop(STOP, None)
        return redirect("home")
